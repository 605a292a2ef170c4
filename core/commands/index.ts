import type { AnyCommand } from '../command.ts'
import { approve } from './approve.ts'
import { ask } from './ask.ts'
import { auditLog } from './audit-log.ts'
import { daoCreate, daoDraft, daoNew, daoSet } from './dao-new.ts'
import { delegate } from './delegate.ts'
import { digest, digestNow, digestOff, digestShow, digestSnooze } from './digest.ts'
import { erase } from './erase.ts'
import { execute, queue } from './execute.ts'
import { withHelp } from './help.ts'
import { home } from './home.ts'
import { link } from './link.ts'
import { lock, free } from './lock.ts'
import { nomic } from './nomic.ts'
import { power } from './power.ts'
import { proposal } from './proposal.ts'
import { proposals } from './proposals.ts'
import { receipt } from './receipt.ts'
import { reminders } from './reminders.ts'
import { role, roleOff, roles } from './roles.ts'
import { settings } from './settings.ts'
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
  receipt,
  queue,
  execute,
  power,
  delegate,
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
  reminders,
  daoNew,
  daoSet,
  daoDraft,
  daoCreate,
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
