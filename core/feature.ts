import type { AnyCommand } from './command.ts'
import type { Kinds } from './context.ts'
import type { JobDeclaration } from './context.ts'
import type { AnyJob } from './job.ts'

/** The clock only rings: each tick sends a keyed job, so however many processes ring, one job waits. */
export type Tick = { cron: string; job: JobDeclaration<Record<string, never>> }

/**
 * What one folder brings: commands in the order in which `/help` lists them, jobs, ticks of the clock, and its kinds for
 * each registry of `Kinds`. `features.ts` lists the features, and nothing else knows them.
 */
export type Feature = {
  commands?: readonly AnyCommand[]
  jobs?: readonly AnyJob[]
  ticks?: readonly Tick[]
} & Partial<Kinds>

export const defineFeature = (feature: Feature): Feature => feature
