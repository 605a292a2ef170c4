import type { AnyCommand } from '../command.ts'
import { ask } from './ask.ts'
import { auditLog } from './audit-log.ts'
import { bid } from './bid.ts'
import { challenge, challengeFund, challengeNew } from './challenge.ts'
import { delegate } from './delegate.ts'
import { deliver } from './deliver.ts'
import { digest, digestNow, digestOff, digestShow, digestSnooze } from './digest.ts'
import { erase } from './erase.ts'
import { withHelp } from './help.ts'
import { home } from './home.ts'
import { link } from './link.ts'
import { mesh, meshExecutive, meshJoin } from './mesh.ts'
import { plan, planJudge, planShow } from './plan.ts'
import { power } from './power.ts'
import { proposal } from './proposal.ts'
import { proposals } from './proposals.ts'
import { receipt } from './receipt.ts'
import { reminders } from './reminders.ts'
import { result } from './result.ts'
import { review } from './review.ts'
import { role, roleOff, roles } from './roles.ts'
import { settings } from './settings.ts'
import { task } from './task.ts'
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
  receipt,
  power,
  delegate,
  reminders,
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
  unlink,
  erase,
])
