import { arg, defineCommand } from '../../command.ts'
import type { Context } from '../../context.ts'
import { assertPlan, warningsOf } from '../check.ts'
import { createCall, predictedDao } from '../create.ts'
import { findDraft, keepDraft, type DaoDraft } from '../draft.ts'
import { presets } from '../presets.ts'
import { previewOf } from '../preview.ts'
import { readVotes } from '../read.ts'
import { daoSettings } from '../settings.ts'
import { openAction, relayAction } from '../../actions/open.ts'
import { UserError } from '../../errors.ts'
import { autoIdOf } from '../../identity/auto-id.ts'
import type { Person } from '../../command.ts'
import { note, open, run, text, time, type View } from '../../view.ts'
import { daoDraftView } from '../views/dao-draft.ts'

/** `/dao-new "Harbour DAO" token HARBOR me 500, 0x… 100`: thinks up a DAO; nothing is made yet. */
export const daoNew = defineCommand({
  name: 'dao-new',
  description: 'Think up a DAO of your own: preset, voters, then every value',
  args: {
    name: arg.word('Name of the DAO'),
    preset: arg.choice(
      'What it is for',
      Object.entries(presets).map(([value, { label }]) => ({ value, label })),
    ),
    votes: arg.word('A symbol for a new token (GOLD), the address of a token, or: club'),
    holders: arg.optional(arg.text('First holders: me 500, 0x… 100. Of a club: numbers of Auto IDs')),
  },
  audience: 'caller',
  access: 'linked',
  async run(ctx, { caller, person, args }) {
    const wallet = walletOf(person)
    const preset = presets[args.preset]
    if (!preset) throw new UserError(`There is no preset ${args.preset}.`, { hint: '/dao-new' })
    const myId = (await autoIdOf(ctx, wallet))?.id.toString()
    const votes = readVotes(args.votes, { holders: args.holders ?? '', me: wallet, myId })
    const plan = { ...preset.plan, name: args.name.trim(), preset: args.preset, votes }
    assertPlan(plan)
    return draftView(ctx, await keepDraft(ctx, { caller, plan }))
  },
})

/** `/dao-set quorum 10` changes one value of the DAO in the making. */
export const daoSet = defineCommand({
  name: 'dao-set',
  description: 'Change a value of your DAO in the making',
  args: {
    setting: arg.choice(
      'Which value',
      Object.entries(daoSettings).map(([value, { label }]) => ({ value, label })),
    ),
    value: arg.text('The new value; a wrong one is answered with what it may be'),
  },
  audience: 'caller',
  access: 'linked',
  async run(ctx, { caller, args }) {
    const { plan, salt } = await findDraft(ctx, caller)
    const setting = daoSettings[args.setting]
    if (!setting) throw new UserError(`There is no value ${args.setting}.`, { hint: '/dao-set' })
    const changed = { ...plan, ...readWith(setting, args.setting, args.value) }
    // A shorter vote cannot be extended by more than itself.
    if (args.setting === 'period') changed.lateExtension = Math.min(changed.lateExtension, changed.votingPeriod)
    assertPlan(changed)
    return draftView(ctx, await keepDraft(ctx, { caller, plan: changed, salt }))
  },
})

/** `/dao-draft` shows the DAO in the making again. */
export const daoDraft = defineCommand({
  name: 'dao-draft',
  description: 'Your DAO in the making',
  args: {},
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  run: async (ctx, { caller }) => draftView(ctx, await findDraft(ctx, caller)),
})

/** `/dao-create wallet` makes it by a transaction of the creator's wallet, `relayed` by one of AutoCo's. */
export const daoCreate = defineCommand({
  name: 'dao-create',
  description: 'Make your DAO: by your own wallet, or relayed by AutoCo',
  args: {
    by: arg.choice('Who sends the one transaction', [
      { value: 'wallet', label: 'My wallet, which pays the gas' },
      { value: 'relayed', label: 'AutoCo, which pays the gas' },
    ]),
  },
  audience: 'caller',
  access: 'linked',
  async run(ctx, { caller, person, args }) {
    const wallet = walletOf(person)
    const draft = await findDraft(ctx, caller)
    assertPlan(draft.plan)
    const { name } = draft.plan
    const isRelayed = args.by === 'relayed'
    const creator = isRelayed ? ctx.chain.relayer?.address : wallet
    if (!creator) throw new UserError('No relayer is set up here.', { hint: '/dao-create wallet', code: 'relayer' })
    const dao = await predictedDao(ctx, { creator, draft })
    const asked = {
      person: person as Person,
      caller,
      wallet,
      title: `Make ${name}`,
      about:
        'One transaction makes the governor, its timelock and what votes in it. Nobody keeps a key to any of them.',
      rows: { DAO: dao, 'Made by': isRelayed ? 'AutoCo, which keeps no role in it' : wallet },
      next: [{ label: `Watch ${name} here`, run: `watch ${dao}` }],
    }
    const step = { label: `Make ${name}`, ...createCall(ctx, draft) }
    if (isRelayed) {
      await relayAction(ctx, { ...asked, ...step })
      return {
        title: `${name} is being made`,
        tone: 'good',
        body: [text('AutoCo sends the transaction; the message below follows it.'), after(dao)],
      }
    }
    const page = await openAction(ctx, { ...asked, steps: [{ kind: 'send', ...step }] })
    return {
      title: `Make ${name}`,
      body: [text('Your wallet sends one transaction. The page expires ', time(page.expiresAt), '.'), after(dao)],
      actions: [open('Make it with my wallet', page.url, 'primary'), run('Have AutoCo make it', 'dao-create relayed')],
    }
  },
})

const after = (dao: string) =>
  note(`Afterwards, in the channel of the DAO: /watch ${dao}. Then /digest and /role wire the channel and its roles.`)

function draftView(ctx: Context, { plan }: DaoDraft): View {
  return daoDraftView({
    plan,
    preset: presets[plan.preset]?.label ?? plan.preset,
    settings: Object.entries(daoSettings).map(([name, { label, show }]) => ({ name, label, value: show(plan) })),
    warnings: warningsOf(plan),
    preview: previewOf(plan, Math.floor(ctx.now() / 1000)),
  })
}

/** A value that makes no sense is answered with what it may be. */
function readWith(setting: (typeof daoSettings)[string], name: string, word: string): Partial<DaoDraft['plan']> {
  try {
    return setting.read(word)
  } catch (error) {
    if (!(error instanceof UserError) || error.hint) throw error
    throw new UserError(error.message, { hint: `It may be: ${setting.hint} (/dao-set ${name} …)`, cause: error })
  }
}

function walletOf(person: Person | undefined): string {
  const [wallet] = person?.wallets ?? []
  if (!wallet) throw new UserError('No wallet is linked to this account.', { hint: '/link', code: 'not-linked' })
  return wallet.address
}
