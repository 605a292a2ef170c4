/** The one face of core: whatever a platform may import. */
export { createApp, type Answer, type App } from './app.ts'
export { usage, type AnyCommand, type Arg, type Choice, type Parsed } from './command.ts'
export { parseConfig, type Config } from './config.ts'
export type { Context } from './context.ts'
export { RetryableError, UserError } from './errors.ts'
export { pageUrl } from './origin.ts'
export { GoneError, type Call, type Caller, type Channel, type MessageRef, type Platform } from './platform.ts'
export type { Action, Block, Inline, TallyRow, Text, View } from './view.ts'
