import type { Migration } from 'kysely/migration'
import * as ground from './0001_ground.ts'
import * as identity from './0010_identity.ts'
import * as chain from './0020_chain.ts'
import * as governance from './0030_governance.ts'
import * as ballots from './0040_ballots.ts'
import * as ballotTries from './0041_ballot_tries.ts'
import * as ai from './0050_ai.ts'
import * as chat from './0060_chat.ts'
import * as playground from './0061_playground.ts'
import * as settings from './0070_settings.ts'
import * as reminders from './0071_reminders.ts'
import * as digest from './0072_digest.ts'
import * as powerMoves from './0073_power_moves.ts'
import * as roles from './0074_roles.ts'
import * as workspaces from './0075_workspaces.ts'
import * as part from './0080_part.ts'
import * as action from './0081_action.ts'
import * as nomic from './0082_nomic.ts'
import * as polls from './0083_polls.ts'
import * as mesh from './0084_mesh.ts'
import * as proposalDraft from './0086_proposal_draft.ts'
import * as delegateStatement from './0087_delegate_statement.ts'
import * as ids from './0088_ids.ts'
import * as decisions from './0090_decisions.ts'

/** Every migration, in the order in which it runs; listed by hand so that a bundle holds them. */
export const migrations: Record<string, Migration> = {
  '0001_ground': ground,
  '0010_identity': identity,
  '0020_chain': chain,
  '0030_governance': governance,
  '0040_ballots': ballots,
  '0041_ballot_tries': ballotTries,
  '0050_ai': ai,
  '0060_chat': chat,
  '0061_playground': playground,
  '0070_settings': settings,
  '0071_reminders': reminders,
  '0072_digest': digest,
  '0073_power_moves': powerMoves,
  '0074_roles': roles,
  '0075_workspaces': workspaces,
  '0080_part': part,
  '0081_action': action,
  '0082_nomic': nomic,
  '0083_polls': polls,
  '0084_mesh': mesh,
  '0086_proposal_draft': proposalDraft,
  '0087_delegate_statement': delegateStatement,
  '0088_ids': ids,
  '0090_decisions': decisions,
}
