import type { AnyCommand } from '../command.ts'
import { erase } from './erase.ts'
import { withHelp } from './help.ts'
import { link } from './link.ts'
import { unlink } from './unlink.ts'
import { whoami } from './whoami.ts'

/** Every command, one line each, in the order in which `/help` lists them. */
export const commands: readonly AnyCommand[] = withHelp([link, whoami, unlink, erase])
