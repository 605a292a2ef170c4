import { defineCommand, type Arg } from '../../command.ts'
import type { Context } from '../../context.ts'
import { UserError } from '../../errors.ts'
import type { Person } from '../../command.ts'
import { act, type Act } from '../act.ts'
import { findNomic, nomicById } from '../contracts.ts'
import { findSpell } from '../spell.ts'
import type { Caller } from '../../platform.ts'
import { open, text, type View } from '../../view.ts'
import { parseSpell, spellArg } from './nomic-args.ts'

/** `/lift nomic-s3`: gives it the hat, when more stands on it than on the hat. `/lift launch` wakes the chief. */
export const lift = defineCommand({
  name: 'lift',
  description: 'Give the hat to the spell that most approve of',
  args: { spell: liftArg('Which spell, like nomic-s3; launch wakes the chief') },
  audience: 'caller',
  access: 'linked',
  run: (ctx, { caller, person, args }) => step(ctx, { caller, person, act: 'lift', name: args.spell }),
})

export const spellSchedule = defineCommand({
  name: 'spell-schedule',
  description: 'Plot the spell that holds the hat; then it waits before it can be cast',
  args: { spell: spellArg('Which spell, like nomic-s3') },
  audience: 'caller',
  access: 'linked',
  run: (ctx, { caller, person, args }) => step(ctx, { caller, person, act: 'schedule', name: args.spell }),
})

export const spellCast = defineCommand({
  name: 'spell-cast',
  description: 'Cast a plotted spell whose time has come',
  args: { spell: spellArg('Which spell, like nomic-s3') },
  audience: 'caller',
  access: 'linked',
  run: (ctx, { caller, person, args }) => step(ctx, { caller, person, act: 'cast', name: args.spell }),
})

async function step(
  ctx: Context,
  params: { caller: Caller; person: Person | undefined; act: Act; name: string },
): Promise<View> {
  const { caller, person, name } = params
  if (!person) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link' })
  const isLaunch = name === 'launch'
  const spell = isLaunch ? undefined : await findSpell(ctx, name)
  const dao = spell ? await nomicById(ctx.db, spell.dao_id) : await findNomic(ctx)
  const done = await act(ctx, { person, caller, dao, act: isLaunch ? 'launch' : params.act, spell })
  return done.how === 'relayed'
    ? {
        tone: 'good',
        body: [
          text('It was tried, and it works: AutoCo sends it and pays the gas. A private message says when it is done.'),
        ],
      }
    : {
        body: [text('Anybody may do this. Here nobody is set up to pay for it, so your wallet sends it.')],
        actions: [open('Send it', done.url, 'primary')],
      }
}

function liftArg(description: string): Arg<string> {
  return { ...spellArg(description), parse: (word) => (word.toLowerCase() === 'launch' ? 'launch' : parseSpell(word)) }
}
