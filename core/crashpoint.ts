import type { Context } from './context.ts'

/**
 * A named place where a test may end the process (SIGKILL), to prove that nothing is lost or done twice.
 * Without a hook in the context it does nothing.
 */
export function crashpoint(ctx: Pick<Context, 'crash'>, name: string): void {
  ctx.crash?.(name)
}
