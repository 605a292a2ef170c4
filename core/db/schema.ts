import type { Kysely, Transaction } from 'kysely'
import type { ActionTables } from './tables/actions.ts'
import type { AiTables } from './tables/ai.ts'
import type { BallotTables } from './tables/ballots.ts'
import type { ChainTables } from './tables/chain.ts'
import type { ChatTables } from './tables/chat.ts'
import type { DelegateTables } from './tables/delegates.ts'
import type { DigestTables } from './tables/digest.ts'
import type { DraftTables } from './tables/drafts.ts'
import type { GovernanceTables } from './tables/governance.ts'
import type { GroundTables } from './tables/ground.ts'
import type { IdTables } from './tables/ids.ts'
import type { IdentityTables } from './tables/identity.ts'
import type { MeshTables } from './tables/mesh.ts'
import type { NomicTables } from './tables/nomic.ts'
import type { PollTables } from './tables/polls.ts'
import type { PowerTables } from './tables/power.ts'
import type { ReminderTables } from './tables/reminders.ts'
import type { RoleTables } from './tables/roles.ts'
import type { SettingsTables } from './tables/settings.ts'
import type { WorkspaceTables } from './tables/workspaces.ts'

/** Every table, by the part of the product that owns it. Big numbers (int8, numeric) are decimal strings in rows. */
export type Database = GroundTables &
  IdentityTables &
  ChainTables &
  GovernanceTables &
  BallotTables &
  AiTables &
  ChatTables &
  SettingsTables &
  ReminderTables &
  PowerTables &
  DigestTables &
  RoleTables &
  ActionTables &
  DraftTables &
  DelegateTables &
  IdTables &
  MeshTables &
  NomicTables &
  PollTables &
  WorkspaceTables

export type Db = Kysely<Database>
export type Trx = Transaction<Database>
