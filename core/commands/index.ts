import type { AnyCommand } from '../command.ts'
import { approve } from './approve.ts'
import { ask } from './ask.ts'
import { auditLog } from './audit-log.ts'
import { daoCreate, daoDraft, daoNew, daoSet } from './dao-new.ts'
import { delegate } from './delegate.ts'
import { delegateCard, delegates, delegateStatement } from './delegates.ts'
import { bid } from './bid.ts'
import { challenge, challengeFund, challengeNew } from './challenge.ts'
import { deliver } from './deliver.ts'
import { digest, digestNow, digestOff, digestShow, digestSnooze } from './digest.ts'
import { draft, draftCall, draftCut, draftMint, draftOpen, draftPay, draftSet, draftText } from './draft.ts'
import { erase } from './erase.ts'
import { execute, queue } from './execute.ts'
import { withHelp } from './help.ts'
import { home } from './home.ts'
import { id } from './id.ts'
import { idAgent, idDeactivate, idKey, idRevoke, idRotate } from './id-acts.ts'
import { link } from './link.ts'
import { mesh, meshExecutive, meshJoin } from './mesh.ts'
import { plan, planJudge, planShow } from './plan.ts'
import { lock, free } from './lock.ts'
import { nomic } from './nomic.ts'
import { answer, poll, polls } from './polls.ts'
import { power } from './power.ts'
import { proposal } from './proposal.ts'
import { proposals } from './proposals.ts'
import { propose } from './propose.ts'
import { receipt } from './receipt.ts'
import { reminders } from './reminders.ts'
import { result } from './result.ts'
import { review } from './review.ts'
import { role, roleOff, roles } from './roles.ts'
import { settings } from './settings.ts'
import { undelegate } from './undelegate.ts'
import { task } from './task.ts'
import { spell, spellShow } from './spell.ts'
import { spellNew } from './spell-new.ts'
import { lift, spellCast, spellSchedule } from './spell-steps.ts'
import { unlink } from './unlink.ts'
import { unwatch } from './unwatch.ts'
import { vote } from './vote.ts'
import { watch } from './watch.ts'
import { whoami } from './whoami.ts'

/** Every command, one line each, in the order in which `/help` lists them. */
export const commands: readonly AnyCommand[] = withHelp([
  home,
  proposals,
  proposal,
  ask,
  vote,
  propose,
  draft,
  draftText,
  draftPay,
  draftMint,
  draftSet,
  draftCall,
  draftCut,
  draftOpen,
  receipt,
  queue,
  execute,
  power,
  delegate,
  undelegate,
  delegates,
  delegateCard,
  delegateStatement,
  nomic,
  lock,
  free,
  spell,
  spellShow,
  spellNew,
  approve,
  lift,
  spellSchedule,
  spellCast,
  polls,
  poll,
  answer,
  reminders,
  daoNew,
  daoSet,
  daoDraft,
  daoCreate,
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
  watch,
  unwatch,
  digest,
  digestNow,
  digestSnooze,
  digestShow,
  digestOff,
  role,
  roles,
  roleOff,
  settings,
  auditLog,
  link,
  whoami,
  id,
  idAgent,
  idKey,
  idRotate,
  idRevoke,
  idDeactivate,
  unlink,
  erase,
])
