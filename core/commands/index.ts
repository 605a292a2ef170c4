import type { AnyCommand } from '../command.ts'

/** Every command, one line each, in the order in which `/help` lists them. */
export const commands: readonly AnyCommand[] = []
