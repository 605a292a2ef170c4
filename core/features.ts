import { actionsFeature } from './actions/feature.ts'
import { askFeature } from './ask/feature.ts'
import { ballotsFeature } from './ballots/feature.ts'
import { chatFeature } from './chat/feature.ts'
import { daoFeature } from './dao/feature.ts'
import { delegatesFeature } from './delegates/feature.ts'
import { digestFeature } from './digest/feature.ts'
import { draftsFeature } from './drafts/feature.ts'
import { forgetFeature } from './forget/feature.ts'
import { governanceFeature } from './governance/feature.ts'
import { homeFeature } from './home/feature.ts'
import { identityFeature } from './identity/feature.ts'
import { idsFeature } from './ids/feature.ts'
import { listenFeature } from './listen/feature.ts'
import { meshFeature } from './mesh/feature.ts'
import { nomicFeature } from './nomic/feature.ts'
import { pollsFeature } from './polls/feature.ts'
import { relayFeature } from './relay/feature.ts'
import { remindersFeature } from './reminders/feature.ts'
import { rolesFeature } from './roles/feature.ts'
import { settingsFeature } from './settings/feature.ts'
import { withHelp } from './help.ts'
import type { Kinds } from './context.ts'
import type { Feature } from './feature.ts'

/** Every feature, one line each, in the order in which `/help` lists their commands. */
export const features: readonly Feature[] = [
  homeFeature,
  governanceFeature,
  askFeature,
  ballotsFeature,
  draftsFeature,
  delegatesFeature,
  nomicFeature,
  pollsFeature,
  remindersFeature,
  daoFeature,
  meshFeature,
  listenFeature,
  digestFeature,
  rolesFeature,
  settingsFeature,
  identityFeature,
  idsFeature,
  forgetFeature,
  actionsFeature,
  chatFeature,
  relayFeature,
]

export const commands = withHelp(features.flatMap((feature) => feature.commands ?? []))
export const jobs = features.flatMap((feature) => feature.jobs ?? [])
export const ticks = features.flatMap((feature) => feature.ticks ?? [])

/** The registries that engines walk: a line for each. */
export const kindsOf = (from: readonly Feature[]): Kinds => ({
  daos: from.flatMap(({ daos = [] }) => daos),
  contracts: from.flatMap(({ contracts = [] }) => contracts),
  intents: from.flatMap(({ intents = [] }) => intents),
  decisions: from.flatMap(({ decisions = [] }) => decisions),
  signed: from.flatMap(({ signed = [] }) => signed),
  batchedSteps: from.flatMap(({ batchedSteps = [] }) => batchedSteps),
  erase: from.flatMap(({ erase = [] }) => erase),
  tidy: from.flatMap(({ tidy = [] }) => tidy),
})

export const kinds = kindsOf(features)
