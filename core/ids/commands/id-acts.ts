import { encodeFunctionData } from 'viem'
import { autoIds } from '../../../contracts/generated.ts'
import { openAction, type Step } from '../../actions/open.ts'
import { arg, defineCommand } from '../../command.ts'
import type { Context } from '../../context.ts'
import { addressOf } from '../../drafts/calls.ts'
import { readDuration } from '../../duration.ts'
import { UserError } from '../../errors.ts'
import { findDao } from '../../governance/dao.ts'
import { readAutoId } from '../../identity/auto-id.ts'
import type { Person } from '../../command.ts'
import { requirePerson } from '../../identity/person.ts'
import { announceRotation, cancelRotation, endId, registerAgent, setKey, validUntil } from '../acts.ts'
import { writeMandate } from '../mandate.ts'
import { issuedId, ownId, ownWallet } from '../own.ts'
import type { IdRecord } from '../read.ts'
import type { Caller } from '../../platform.ts'
import type { View } from '../../view.ts'
import { idActView } from '../views/ids.ts'

const idArg = arg.optional(arg.word('Which of your Auto IDs, by its number'))

/** `/id-agent 0x… 90d It may vote on …`: a person or an organisation gives an agent an Auto ID and says what it may do. */
export const idAgent = defineCommand({
  name: 'id-agent',
  description: 'Give an agent of yours an Auto ID and a mandate',
  args: {
    agent: arg.word("The agent's own wallet, linked to you"),
    for: arg.word('For how long, such as 90d; always for no end'),
    mandate: arg.text('What it may do, in words that anybody may read'),
  },
  audience: 'caller',
  access: 'linked',
  async run(ctx, { person: who, caller, args }) {
    const person = requirePerson(who)
    const agent = ownWallet(person, args.agent, 'The agent')
    const issuer = await ownId(ctx, { person })
    await assertFree(ctx, agent)
    const until = await validUntil(
      ctx,
      args.for.toLowerCase() === 'always' ? undefined : readDuration(args.for, 'timestamp'),
    )
    const mandate = await writeMandate(ctx, { words: args.mandate, wallet: issuer.controller })
    const { controller: issuerWallet } = issuer
    return await act(ctx, {
      person,
      caller,
      wallet: issuerWallet,
      title: `An Auto ID for the agent ${agent}`,
      words: [
        `Auto ID ${issuer.id} stands for this agent: when ${issuer.id} ends, so does the agent, and you can revoke it at any time.`,
        'Both wallets sign the same words, yours first; then AutoCo registers it and pays the gas.',
      ],
      mandate: mandate.text,
      rows: { Agent: agent, 'Mandate (hash)': mandate.hash, 'Valid until': until === 0n ? 'no end' : dayOf(until) },
      steps: await registerAgent(ctx, {
        agent,
        issuer: issuer.id,
        issuerWallet,
        validUntil: until,
        certificate: mandate.hash,
      }),
      next: `id ${agent}`,
      label: 'Sign for the agent',
    })
  },
})

/** `/id-key 0x… 30d ens`: a key that may sign ballots for one's Auto ID; `off` takes it away. */
export const idKey = defineCommand({
  name: 'id-key',
  description: 'Let a key vote for your Auto ID, or no longer',
  args: {
    key: arg.word('The address of the key'),
    for: arg.word('For how long, such as 30d; off takes it away'),
    scope: arg.optional(arg.word('In which DAO alone, like ens; all for everywhere')),
    id: idArg,
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { person: who, caller, args }) {
    const person = requirePerson(who)
    const record = live(await ownId(ctx, { person, wanted: args.id }))
    const key = addressOf(args.key)
    const isOff = args.for.toLowerCase() === 'off'
    const everywhere = args.scope === undefined || args.scope.toLowerCase() === 'all'
    const dao = everywhere ? undefined : await findDao(ctx, (args.scope ?? '').toLowerCase())
    const expiry = isOff ? 0n : await validUntil(ctx, readDuration(args.for, 'timestamp'))
    const where = dao ? `in ${dao.name}` : 'in every DAO that knows Auto IDs'
    const title = isOff ? `Take a key away from Auto ID ${record.id}` : `A voting key for Auto ID ${record.id}`
    return await act(ctx, {
      person,
      caller,
      wallet: record.controller,
      title,
      words: isOff
        ? [`${key} can no longer vote for your Auto ID ${where}.`]
        : [
            `Whoever holds ${key} can vote for your Auto ID ${where} until ${dayOf(expiry)}. It can do nothing else, and you can take it away at any time.`,
          ],
      rows: { Key: key, Where: dao?.name ?? 'everywhere', Until: isOff ? 'taken away' : dayOf(expiry) },
      steps: await setKey(ctx, {
        id: record.id,
        controller: record.controller,
        key,
        scope: dao && addressOf(dao.address),
        expiry,
        label: title,
      }),
      next: `id ${record.id}`,
      label: isOff ? 'Sign: take it away' : 'Sign for the key',
    })
  },
})

/** `/id-rotate 0x…` announces that an Auto ID moves to another wallet, `cancel` takes it back, `finish` does it when it is time. */
export const idRotate = defineCommand({
  name: 'id-rotate',
  description: 'Move your Auto ID to another wallet',
  args: { to: arg.word('The new wallet, linked to you; or cancel, or finish'), id: idArg },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { person: who, caller, args }) {
    const person = requirePerson(who)
    const word = args.to.toLowerCase()
    const record = await ownId(ctx, { person, wanted: args.id })
    const { id, controller, rotation } = record
    const common = { person, caller, wallet: controller, next: `id ${id}` }
    if (word !== 'cancel' && word !== 'finish') {
      const to = ownWallet(person, args.to, 'The new wallet')
      live(record)
      await assertFree(ctx, to)
      return await act(ctx, {
        ...common,
        title: `Move Auto ID ${id} to ${to}`,
        words: [
          'Both wallets sign, the new one first. Then two days pass in which you or the issuer can take it back: /id-rotate cancel.',
          `After that anybody can finish it. Then ${controller} has no part in this Auto ID any more, and the voting keys that it set are void.`,
        ],
        rows: { From: controller, To: to },
        steps: await announceRotation(ctx, { id, controller, to }),
        label: 'Sign the move',
      })
    }
    if (!rotation)
      throw new UserError(`No move of Auto ID ${id} is announced.`, { hint: '/id-rotate <address>', code: 'none' })
    if (word === 'cancel')
      return await act(ctx, {
        ...common,
        title: `Auto ID ${id} stays where it is`,
        words: [`It will not move to ${rotation.to}.`],
        rows: { Stays: controller },
        steps: await cancelRotation(ctx, { id, controller }),
        label: 'Sign: take it back',
      })
    const { timestamp } = await ctx.chain.client.getBlock()
    if (timestamp < BigInt(rotation.at))
      throw new UserError(`Auto ID ${id} can move from ${dayOf(BigInt(rotation.at))} on, not before.`, {
        hint: 'The wait is there so that a thief can be stopped: /id-rotate cancel',
        code: 'early',
      })
    const data = encodeFunctionData({ abi: autoIds.abi, functionName: 'executeRotation', args: [id] })
    return await act(ctx, {
      ...common,
      title: `Auto ID ${id} moves to ${rotation.to}`,
      words: [
        'Your wallet sends this itself and pays the gas; it may be any wallet. The old one has no part in it afterwards.',
      ],
      rows: { From: controller, To: rotation.to },
      steps: [{ kind: 'send', label: 'Move it now', to: ctx.chain.addresses.autoIds, data }],
      label: 'Finish the move',
    })
  },
})

export const idRevoke = defineCommand({
  name: 'id-revoke',
  description: 'End an Auto ID that you issued, for ever',
  args: { id: arg.word('The number of the Auto ID') },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { person: who, caller, args }) {
    const person = requirePerson(who)
    const { record, issuer } = await issuedId(ctx, { person, wanted: args.id })
    live(record)
    return await act(ctx, {
      person,
      caller,
      wallet: issuer.controller,
      title: `Revoke Auto ID ${record.id}`,
      words: [
        `Auto ID ${record.id} (${record.kind}, ${record.controller}) ends for ever, and with it everything that it issued. Its votes that are counted stay; no further one counts.`,
      ],
      rows: { 'Auto ID': String(record.id), Kind: record.kind, Controller: record.controller },
      steps: await endId(ctx, { id: record.id, wallet: issuer.controller, how: 'Revocation' }),
      next: `id ${record.id}`,
      label: 'Sign: revoke it',
      isForEver: true,
    })
  },
})

export const idDeactivate = defineCommand({
  name: 'id-deactivate',
  description: 'End an Auto ID of your own, for ever',
  args: { id: idArg },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { person: who, caller, args }) {
    const person = requirePerson(who)
    const { id, kind, controller } = live(await ownId(ctx, { person, wanted: args.id }))
    return await act(ctx, {
      person,
      caller,
      wallet: controller,
      title: `End your Auto ID ${id}`,
      words: [
        `Auto ID ${id} (${kind}) ends for ever, and with it every agent and everybody else that it issued. Your wallet keeps its tokens and may register anew, under another number.`,
      ],
      rows: { 'Auto ID': String(id), Kind: kind, Controller: controller },
      steps: await endId(ctx, { id, wallet: controller, how: 'Deactivation' }),
      next: `id ${id}`,
      label: 'Sign: end it',
      isForEver: true,
    })
  },
})

async function act(
  ctx: Context,
  params: {
    person: Person
    caller: Caller
    wallet: string
    title: string
    words: readonly string[]
    mandate?: string
    rows: Record<string, string>
    steps: readonly Step[]
    next: string
    label: string
    isForEver?: true
  },
): Promise<View> {
  const { words, mandate, next, label, isForEver = false, ...action } = params
  const page = await openAction(ctx, {
    ...action,
    about: [...words, ...(isForEver ? ['This cannot be undone.'] : [])].join(' '),
    next: [{ label: 'Look at it', run: next }],
  })
  return idActView({ title: params.title, words, mandate, isForEver, label, ...page })
}

function live(record: IdRecord): IdRecord {
  if (record.ended === undefined) return record
  throw new UserError(`Auto ID ${record.id} has ended already.`, { hint: `/id ${record.id}`, code: 'ended' })
}

async function assertFree(ctx: Context, address: `0x${string}`): Promise<void> {
  const found = await readAutoId(ctx, address)
  if (found)
    throw new UserError(`${address} has Auto ID ${found.id} already, and an address can have one.`, {
      hint: `/id ${found.id}`,
      code: 'taken',
    })
}

const dayOf = (seconds: bigint): string =>
  `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
