import { challenge, challengeNew, challengeFund } from './commands/challenge.ts'
import { plan, planShow, planJudge } from './commands/plan.ts'
import { task } from './commands/task.ts'
import { bid } from './commands/bid.ts'
import { deliver } from './commands/deliver.ts'
import { review } from './commands/review.ts'
import { result } from './commands/result.ts'
import { mesh, meshJoin, meshExecutive } from './commands/mesh.ts'
import { challengeDecision } from './decision.ts'
import { defineFeature } from '../feature.ts'
import { challengeJob } from './jobs/challenge.ts'
import { dutyIntents, challengeDutiesJob } from './jobs/challenge-duties.ts'
import { globalDao } from './dao-kind.ts'
import { eraseSealed } from './erase.ts'
import { challengeProjection } from './project-challenge.ts'
import { globalProjection } from './project-global.ts'

export const meshFeature = defineFeature({
  commands: [
    challenge,
    challengeNew,
    challengeFund,
    plan,
    planShow,
    planJudge,
    task,
    bid,
    deliver,
    review,
    result,
    mesh,
    meshJoin,
    meshExecutive,
  ],
  jobs: [challengeJob, challengeDutiesJob],
  daos: [globalDao],
  erase: [eraseSealed],
  intents: [dutyIntents],
  contracts: [globalProjection, challengeProjection],
  decisions: [challengeDecision],
})
