import type { Kysely, Transaction } from 'kysely'
import type { ActionTables } from './actions.ts'
import type { AiTables } from './ai.ts'
import type { BallotTables } from './ballots.ts'
import type { ChainTables } from './chain.ts'
import type { ChatTables } from './chat.ts'
import type { DelegateTables } from './delegates.ts'
import type { DigestTables } from './digest.ts'
import type { DraftTables } from './drafts.ts'
import type { GovernanceTables } from './governance.ts'
import type { GroundTables } from './ground.ts'
import type { IdTables } from './ids.ts'
import type { IdentityTables } from './identity.ts'
import type { MeshTables } from './mesh.ts'
import type { NomicTables } from './nomic.ts'
import type { PollTables } from './polls.ts'
import type { PowerTables } from './power.ts'
import type { ReminderTables } from './reminders.ts'
import type { RoleTables } from './roles.ts'
import type { SettingsTables } from './settings.ts'
import type { WorkspaceTables } from './workspaces.ts'

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
