import { actionJob } from './action.ts'
import { announceJob } from './announce.ts'
import { announceSpellJob } from './announce-spell.ts'
import { announcePollJob } from './announce-poll.ts'
import { approvalsJob } from './approvals.ts'
import { chiefJob } from './chief.ts'
import { delegateJob } from './delegate.ts'
import { challengeDutiesJob } from './challenge-duties.ts'
import { challengeJob } from './challenge.ts'
import { deliverJob, redeliverJob } from './deliver.ts'
import { digestsJob } from './digests.ts'
import { enrolJob } from './enrol.ts'
import { healJob } from './heal.ts'
import { papersJob } from './papers.ts'
import { pollsJob } from './polls.ts'
import { powerMovedJob } from './power-moved.ts'
import type { AnyJob } from './queue.ts'
import { registerJob } from './register.ts'
import { relayJob } from './relay.ts'
import { reverifyJob } from './reverify.ts'
import { remindJob } from './remind.ts'
import { rolesJob } from './roles.ts'
import { settleJob } from './settle.ts'
import { summarizeJob } from './summarize.ts'
import { tidyJob } from './tidy.ts'

/** Every job, one line each. */
export const jobs: readonly AnyJob[] = [
  deliverJob,
  redeliverJob,
  reverifyJob,
  announceJob,
  summarizeJob,
  relayJob,
  settleJob,
  enrolJob,
  registerJob,
  delegateJob,
  healJob,
  tidyJob,
  remindJob,
  digestsJob,
  rolesJob,
  powerMovedJob,
  actionJob,
  challengeJob,
  challengeDutiesJob,
  chiefJob,
  announceSpellJob,
  approvalsJob,
  pollsJob,
  announcePollJob,
  papersJob,
]
