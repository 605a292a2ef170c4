import { createHash } from 'node:crypto'
import { showCard } from '../../chat/outbox.ts'
import type { Context } from '../../context.ts'
import type { RoleRuleRow } from '../../db/tables/roles.ts'
import { RetryableError, UserError } from '../../errors.ts'
import { has, type GivesRoles } from '../../platform.ts'
import { applyRule } from '../apply.ts'
import { roles } from '../../identity/role-round.ts'
import { roleProblemView } from '../views/roles.ts'
import { defineJob } from '../../job.ts'

/** Gives and takes the roles of every server by its rules. */
export const rolesJob = defineJob({
  ...roles,
  retry: { limit: 5, delayMs: 5_000, backoff: true },
  concurrency: 1,
  expireSeconds: 900,
  run: applyRoles,
})

export async function applyRoles(ctx: Context): Promise<void> {
  const rules = await ctx.db.selectFrom('role_rule').selectAll().orderBy('created_at').execute()
  let later: RetryableError | undefined
  for (const rule of rules) {
    const platform = ctx.platform?.(rule.platform)
    if (!has<GivesRoles>(platform, 'setRole')) continue
    try {
      await applyRule(ctx, platform, rule)
      await setProblem(ctx, rule, null)
    } catch (error) {
      // One server that does not let us, or does not answer, holds up no other.
      if (error instanceof UserError) await setProblem(ctx, rule, [error.message, error.hint].filter(Boolean).join(' '))
      else if (error instanceof RetryableError) later = error
      else throw error
    }
  }
  if (later) throw later
}

/** Whoever made the rule is told of a new problem once. */
async function setProblem(ctx: Context, rule: RoleRuleRow, problem: string | null): Promise<void> {
  if (problem === rule.problem) return
  const { platform, server, role } = rule
  await ctx.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('role_rule')
      .set({ problem })
      .where('platform', '=', platform)
      .where('server', '=', server)
      .where('role', '=', role)
      .execute()
    if (problem === null || !rule.created_by.startsWith('@')) return
    const hash = createHash('sha256').update(problem).digest('hex').slice(0, 12)
    await showCard(trx, ctx.queue, {
      key: `role/${platform}/${server}/${role}/${hash}`,
      platform,
      channel: rule.created_by,
      view: roleProblemView({ role, server, problem }),
    })
  })
}
