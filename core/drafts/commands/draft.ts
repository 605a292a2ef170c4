import { arg, defineCommand, type Arg } from '../../command.ts'
import type { Context } from '../../context.ts'
import { mintCall, payCall, rawCall, settingCall, settingChoices } from '../calls.ts'
import { addCall, addText, cutDraft, draftsOf, findDraft, type Draft } from '../draft.ts'
import { openDraft } from '../open.ts'
import { previewOf } from '../preview.ts'
import { UserError } from '../../errors.ts'
import type { ProposalCall } from '../../governance/types.ts'
import type { Person } from '../../command.ts'
import { requirePerson } from '../../identity/person.ts'
import type { View } from '../../view.ts'
import { draftOpenView, draftsView, draftView } from '../views/draft.ts'

const draftArg: Arg<string> = {
  ...arg.word('The number of your draft'),
  parse(word) {
    const [, id] = /^(?:draft-)?(\d{1,9})$/i.exec(word) ?? []
    if (id === undefined)
      throw new UserError(`“${word.slice(0, 40)}” is not the number of a draft.`, { hint: '/draft', code: 'usage' })
    return id
  },
}
const toArg = arg.word('Who gets it: an address')

/** `/draft` lists one's drafts, `/draft 12` shows one as its proposal will look. */
export const draft = defineCommand({
  name: 'draft',
  description: 'Your drafts of proposals',
  args: { draft: arg.optional(draftArg) },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { person, args }) {
    if (args.draft === undefined) return draftsView(await draftsOf(ctx, requirePerson(person)))
    return await shown(ctx, requirePerson(person), args.draft)
  },
})

export const draftText = defineCommand({
  name: 'draft-text',
  description: 'Add a paragraph to a draft',
  args: { draft: draftArg, text: arg.text('What to add to the text') },
  audience: 'caller',
  access: 'linked',
  async run(ctx, { person: who, args }) {
    const person = requirePerson(who)
    await addText(ctx, await findDraft(ctx, { person, id: args.draft }), args.text)
    return await shown(ctx, person, args.draft)
  },
})

export const draftPay = defineCommand({
  name: 'draft-pay',
  description: 'A draft pays from the treasury',
  args: {
    draft: draftArg,
    to: toArg,
    amount: arg.word('How much, such as 12.5'),
    token: arg.optional(arg.word("Token: its address, the DAO's by its symbol; else the coin")),
  },
  audience: 'caller',
  access: 'linked',
  run: (ctx, { person, args }) =>
    withCall(ctx, person, args.draft, ({ dao }) =>
      payCall(ctx, { dao, to: args.to, amount: args.amount, token: args.token }),
    ),
})

export const draftMint = defineCommand({
  name: 'draft-mint',
  description: 'A draft makes new tokens of the DAO',
  args: { draft: draftArg, to: toArg, amount: arg.word('How many, such as 1000') },
  audience: 'caller',
  access: 'linked',
  run: (ctx, { person, args }) =>
    withCall(ctx, person, args.draft, ({ dao }) => mintCall(ctx, { dao, to: args.to, amount: args.amount })),
})

export const draftSet = defineCommand({
  name: 'draft-set',
  description: 'A draft changes a rule of the DAO',
  args: {
    draft: draftArg,
    rule: arg.choice('Which rule', settingChoices),
    value: arg.text('What it shall be, such as 3d, 4 % or 1000'),
  },
  audience: 'caller',
  access: 'linked',
  run: (ctx, { person, args }) =>
    withCall(ctx, person, args.draft, ({ dao }) => settingCall(ctx, { dao, name: args.rule, value: args.value })),
})

export const draftCall = defineCommand({
  name: 'draft-call',
  description: 'A draft makes any call',
  args: {
    draft: draftArg,
    target: arg.word('The contract: an address'),
    data: arg.word('Its calldata: 0x and hex digits'),
    value: arg.optional(arg.word('Coin to send along, such as 0.5')),
  },
  audience: 'caller',
  access: 'linked',
  run: (ctx, { person, args }) =>
    withCall(ctx, person, args.draft, () => rawCall(ctx, { target: args.target, data: args.data, value: args.value })),
})

export const draftCut = defineCommand({
  name: 'draft-cut',
  description: 'Take something away from a draft',
  args: {
    draft: draftArg,
    what: arg.choice('What to take away', [
      { value: 'call', label: 'The last call' },
      { value: 'text', label: 'All of the text' },
      { value: 'all', label: 'The whole draft' },
    ]),
  },
  audience: 'caller',
  access: 'linked',
  async run(ctx, { person: who, args }) {
    const person = requirePerson(who)
    const what = args.what as 'call' | 'text' | 'all'
    await cutDraft(ctx, await findDraft(ctx, { person, id: args.draft }), what)
    return what === 'all' ? draftsView(await draftsOf(ctx, person)) : await shown(ctx, person, args.draft)
  },
})

export const draftOpen = defineCommand({
  name: 'draft-open',
  description: 'Put a draft on the chain with your wallet',
  args: {
    draft: draftArg,
    anyway: arg.optional(arg.choice('Although a call would fail now', [{ value: 'anyway', label: 'Anyway' }])),
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { person: who, caller, args }) {
    const person = requirePerson(who)
    const found = await findDraft(ctx, { person, id: args.draft })
    const page = await openDraft(ctx, { draft: found, person, caller, anyway: args.anyway === 'anyway' })
    return draftOpenView({ title: found.title, wallet: page.proposer.wallet, ...page })
  },
})

async function withCall(
  ctx: Context,
  who: Person | undefined,
  id: string,
  make: (found: Draft) => ProposalCall | Promise<ProposalCall>,
): Promise<View> {
  const person = requirePerson(who)
  const found = await findDraft(ctx, { person, id })
  await addCall(ctx, found, await make(found))
  return await shown(ctx, person, id)
}

async function shown(ctx: Context, person: Person, id: string): Promise<View> {
  return draftView(await previewOf(ctx, { draft: await findDraft(ctx, { person, id }), person }))
}
