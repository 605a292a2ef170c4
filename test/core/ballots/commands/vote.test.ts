import { hashTypedData } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acceptBallot } from '../../../../core/ballots/accept.ts'
import { findReceipt } from '../../../../core/ballots/receipt.ts'
import type { View } from '../../../../core/view.ts'
import { sendCall } from '../../../../bots/world/deploy.ts'
import {
  ballotRow,
  ballotWorld,
  cast,
  openProposal,
  relayAndSettle,
  sign,
  tallyOf,
  wordsOf,
  type BallotWorld,
} from '../../../support/ballots.ts'
import { caller, channel } from '../../../support/linking.ts'

let w: BallotWorld
beforeAll(async () => {
  w = await ballotWorld()
})
afterAll(() => w.stop())

const ask = async (who: string, line: string): Promise<View> => {
  const { view, audience } = await w.app.run({ caller: caller(who), channel, line })
  expect(audience).toBe('caller')
  return view
}
const pageOf = (view: View): string => {
  const [action] = view.actions ?? []
  return action && 'open' in action ? (action.open.split('/').at(-1) ?? '') : ''
}

describe('/vote', () => {
  test('answers with the choice in words, the weight, and a page to sign on; nothing is cast yet', async () => {
    const { ref, title } = await openProposal(w, 'auto')
    const view = await ask('voter1', `vote ${ref} for Because we need it`)
    expect(view.title).toBe(`Vote For on ${ref}`)
    expect(wordsOf(view)).toContain(`For |  on  | ${title}`)
    expect(wordsOf(view)).toContain('200 TEST')
    expect(wordsOf(view)).toContain('Because we need it')
    expect(view.actions?.[0]).toMatchObject({
      label: 'Sign For',
      open: expect.stringMatching(/^https:\/\/vote\.example\.org\/b\/[\w-]{22}$/),
    })
    expect(await w.ctx.db.selectFrom('ballot').select('id').execute()).toEqual([])

    const draft = pageOf(view)
    const wallet = w.voters[1]!
    const { id } = await acceptBallot(w.ctx, {
      draft,
      address: wallet.address,
      signature: await sign(w, draft, wallet),
    })
    expect(await ballotRow(w, id)).toMatchObject({ platform: 'playground', channel: '@voter1', support: 1 })
  })

  test.each(['yes', 'Aye', 'FOR'])('takes “%s” for For', async (word) => {
    const { ref } = await openProposal(w, 'auto')
    expect((await ask('voter2', `vote ${ref} ${word}`)).title).toBe(`Vote For on ${ref}`)
  })

  test('offers the choices', async () => {
    const choices = await w.app.complete({ caller: caller('voter2'), channel, line: 'vote auto-1 a' })
    expect(choices.map(({ value }) => value)).toEqual(['against', 'abstain'])
  })

  test('asks who is not linked to link first', async () => {
    const view = await ask('stranger', 'vote auto-1 for')
    expect(wordsOf(view)).toContain('This account is not linked to a wallet yet.')
    expect(view.actions).toEqual([{ label: '/link', run: 'link' }])
  })
})

describe('/receipt', () => {
  test('lists the caller’s own ballots, newest first', async () => {
    expect(wordsOf(await ask('voter3', 'receipt'))).toContain('None of your wallets has signed a ballot here yet.')
    const { ref } = await openProposal(w, 'auto')
    const id = await cast(w, 3, { ref, support: 0 })
    const view = await ask('voter3', 'receipt')
    expect(wordsOf(view)).toContain(`Against on ${ref}: Signed, signed`)
    expect(view.actions).toEqual([{ label: `${ref}: Against`, run: `receipt ${id.slice(2, 10)}` }])
    expect(wordsOf(await ask('voter2', 'receipt'))).not.toContain(ref)
    await relayAndSettle(w)
  })

  test('of one ballot says how far it is, where it is, and never whose chat account it was', async () => {
    const { ref } = await openProposal(w, 'auto')
    const id = await cast(w, 1, { ref, support: 1, reason: 'It is time' })
    await relayAndSettle(w)
    const { tx_hash, block_number } = await ballotRow(w, id)
    const view = await ask('voter2', `receipt ${id.slice(0, 10)}`)
    const words = wordsOf(view)
    expect(words).toContain(`Signed → sent → counted in block ${block_number}.`)
    for (const part of [tx_hash!, w.voters[1]!.address, '200 TEST', 'It is time', id]) expect(words).toContain(part)
    expect(JSON.stringify(view)).not.toContain('voter1')
    expect(view.url).toBe(`https://vote.example.org/r/${id}`)
    expect(JSON.stringify(await findReceipt(w.ctx, { id }))).not.toContain('voter1')
  })

  test.each(['auto', 'oz'] as const)(
    'of the %s DAO holds the signed ballot, and all it takes to send it alone',
    async (which) => {
      const proposal = await openProposal(w, which)
      const id = await cast(w, 4, { ref: proposal.ref, support: 1, reason: 'Alone if need be' })
      const { ballot, alone } = await findReceipt(w.ctx, { id })
      const { EIP712Domain: _domain, ...types } = ballot.typedData.types
      expect(hashTypedData({ ...ballot.typedData, types } as never)).toBe(id)
      expect(ballot.signature).toMatch(/^0x[0-9a-f]{130}$/)
      await sendCall({ ...w.deployer, wallet: w.chain.wallet(w.voters[0]!) }, alone)
      expect((await tallyOf(w, proposal)).for).toBeGreaterThan(0n)
      const sent = await w.ctx.db.selectFrom('intent').select('id').execute()
      await relayAndSettle(w)
      expect(await w.ctx.db.selectFrom('intent').select('id').execute()).toHaveLength(sent.length)
      expect(await ballotRow(w, id)).toMatchObject({ state: 'counted' })
    },
  )

  test.each([
    ['1234', 'at least its first eight hex digits'],
    ['zzzzzzzz', 'at least its first eight hex digits'],
    ['00000000', 'AutoCo has no ballot of this id.'],
  ])('of “%s” says what is wrong', async (id, words) => {
    expect(wordsOf(await ask('voter1', `receipt ${id}`))).toContain(words)
  })
})
