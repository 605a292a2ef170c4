import {
  createPublicClient,
  encodeFunctionData,
  http,
  parseAbi,
  parseEther,
  type Address,
  type LocalAccount,
  serializeErc6492Signature,
  zeroHash,
  type Hex,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autoDao } from '../../../contracts/generated.ts'
import { acceptBallot } from '../../../core/ballots/accept.ts'
import { ballotPage, ballotTypedData } from '../../../core/ballots/page.ts'
import { RetryableError } from '../../../core/errors.ts'
import { sendCall } from '../../../bots/world/deploy.ts'
import {
  ballotRow,
  ballotWorld,
  cast,
  openPage,
  openProposal,
  relayAndSettle,
  sign,
  wordsOf,
  type BallotWorld,
} from '../../support/ballots.ts'
import { account, caller, channel, deploy, linkWallet } from '../../support/linking.ts'
import { testWallet, testWalletFactory } from '../../support/generated.ts'

let w: BallotWorld
let ref: string
let ozRef: string
beforeAll(async () => {
  w = await ballotWorld()
  ref = (await openProposal(w, 'auto')).ref
  ozRef = (await openProposal(w, 'oz')).ref
})
afterAll(() => w.stop())

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** A page of the fourth voter, whose ballots are all refused here. */
const page = () => openPage(w, w.people[3]!, { ref, support: 1 })
const submit = (draft: string, signature: string, address: string = w.voters[3]!.address) =>
  acceptBallot(w.ctx, { draft, address, signature })

/** The typed data of a page with something else in it, signed. */
async function signOther(draft: string, change: { domain?: object; message?: object }): Promise<string> {
  const { typedData } = await ballotTypedData(w.ctx, { draft, address: w.voters[3]!.address })
  return w.voters[3]!.signTypedData({
    ...typedData,
    domain: { ...typedData.domain, ...change.domain },
    message: { ...typedData.message, ...change.message },
  } as never)
}

const nothingStored = async () => {
  const rows = await w.ctx.db.selectFrom('ballot').select('id').where('voter', '=', w.voters[3]!.address).execute()
  expect(rows).toEqual([])
}

describe('a signature is refused', () => {
  test.each([
    ['no hex at all', 'please count me', 'This is not a signature: it must be 0x and hex digits.'],
    ['half a byte', '0x123', 'This is not a signature: it must be 0x and hex digits.'],
    ['nothing', '0x', 'This is not a signature: it must be 0x and hex digits.'],
    [
      'of a size that no contract takes',
      `0x${'ab'.repeat(20_000)}`,
      'This is not a signature: it must be 0x and hex digits.',
    ],
    ['random bytes', `0x${'ab'.repeat(64)}1b`, 'not '],
  ])('when it is %s', async (_what, signature, words) => {
    const draft = await page()
    await sign(w, draft, w.voters[3]!)
    await expect(submit(draft, signature)).rejects.toMatchObject({ message: expect.stringContaining(words) })
    await nothingStored()
  })

  test('in its malleable form', async () => {
    const draft = await page()
    const signature = await sign(w, draft, w.voters[3]!)
    const s = order - BigInt(`0x${signature.slice(66, 130)}`)
    const v = signature.endsWith('1b') ? '1c' : '1b'
    const twin = `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}`
    await expect(submit(draft, twin)).rejects.toMatchObject({
      code: 'signature',
      message: 'This signature is in the malleable form (high s), which AutoCo does not take.',
    })
    await nothingStored()
  })

  test('of another wallet, naming both', async () => {
    const draft = await page()
    const signature = await sign(w, draft, w.voters[4]!, w.voters[3]!.address)
    await expect(submit(draft, signature)).rejects.toMatchObject({
      code: 'signer',
      message: `This was signed by ${w.voters[4]!.address}, not by ${w.voters[3]!.address}.`,
    })
    await nothingStored()
  })

  test.each([
    ['chain', { domain: { chainId: 1 } }],
    ['contract', { domain: { verifyingContract: '0x00000000000000000000000000000000000000aa' } }],
    ['DAO by name', { domain: { name: 'Evil DAO' } }],
    ['version', { domain: { version: '2' } }],
    ['sequence', { message: { sequence: 2 } }],
    ['proposal', { message: { proposalId: '1' } }],
    ['title', { message: { proposal: 'Something harmless' } }],
    ['choice', { message: { choice: 'Against' } }],
  ])('over another %s than was shown', async (_what, change) => {
    const draft = await page()
    await expect(submit(draft, await signOther(draft, change))).rejects.toMatchObject({ code: 'signer' })
    await nothingStored()
  })

  test('over another nonce of a foreign governor', async () => {
    const draft = await openPage(w, w.people[3]!, { ref: ozRef, support: 1 })
    await expect(submit(draft, await signOther(draft, { message: { nonce: '5' } }))).rejects.toMatchObject({
      code: 'signer',
    })
    await nothingStored()
  })
})

describe('a page is refused', () => {
  test('when nobody knows it', async () => {
    await expect(submit('nonsense', '0x12')).rejects.toMatchObject({
      code: 'unknown',
      message: 'There is no such ballot page.',
    })
  })

  test('before it has shown anything to the wallet', async () => {
    const draft = await page()
    await expect(submit(draft, `0x${'11'.repeat(65)}`)).rejects.toMatchObject({ code: 'step' })
  })

  test('to a wallet that is not linked to whoever asked for it', async () => {
    const draft = await page()
    const foreign = w.voters[4]!.address
    await expect(ballotTypedData(w.ctx, { draft, address: foreign })).rejects.toMatchObject({ code: 'not-linked' })
    await expect(submit(draft, `0x${'11'.repeat(65)}`, foreign)).rejects.toMatchObject({
      message: 'This wallet is not linked to the account that asked for this ballot.',
    })
  })

  test('after an hour', async () => {
    const draft = await openPage(w, w.people[3]!, { ref, support: 1 })
    const signature = await sign(w, draft, w.voters[3]!)
    const ctx = { ...w.ctx, now: () => Date.now() + 61 * 60_000 }
    await expect(acceptBallot(ctx, { draft, address: w.voters[3]!.address, signature })).rejects.toMatchObject({
      code: 'expired',
      hint: `/vote ${ref} <choice>`,
    })
    await nothingStored()
  })
})

describe('a proposal takes no vote', () => {
  test('that AutoCo does not know', async () => {
    await expect(openPage(w, w.people[3]!, { ref: 'auto-999', support: 1 })).rejects.toMatchObject({
      code: 'unknown-proposal',
    })
  })

  test('that the contract does not know', async () => {
    const { id, ref: gone } = await openProposal(w, 'auto')
    await w.ctx.db.updateTable('proposal').set({ onchain_id: '4711' }).where('id', '=', id).execute()
    await expect(openPage(w, w.people[3]!, { ref: gone, support: 1 })).rejects.toMatchObject({
      message: 'The contract does not know this proposal.',
    })
  })

  test('before it starts', async () => {
    const early = await openProposal(w, 'auto', { travel: 0 })
    await expect(openPage(w, w.people[3]!, { ref: early.ref, support: 1 })).rejects.toMatchObject({
      code: 'closed',
      message: `Voting on ${early.ref} has not started yet.`,
    })
  })

  test('when it was cancelled', async () => {
    const { ref: cancelled, onchain_id, dao } = await openProposal(w, 'auto', { travel: 0 })
    const row = await w.ctx.db
      .selectFrom('proposal')
      .selectAll()
      .where('onchain_id', '=', onchain_id)
      .executeTakeFirstOrThrow()
    await sendCall(
      { ...w.deployer, wallet: w.chain.wallet(w.voters[0]!) },
      {
        to: dao.address as Address,
        data: encodeFunctionData({
          abi: autoDao.abi,
          functionName: 'cancel',
          args: [[w.voters[0]!.address], [0n], ['0x'], row.text_hash as `0x${string}`],
        }),
      },
    )
    await expect(openPage(w, w.people[3]!, { ref: cancelled, support: 1 })).rejects.toMatchObject({
      message: `${cancelled} was cancelled, so nobody can vote on it any more.`,
    })
  })
})

describe('a wallet cannot vote', () => {
  test('without weight at the snapshot, and is shown the way out', async () => {
    const poor = account(w.chain, 7)
    await linkWallet(w.ctx, caller('poor'), poor)
    const { view } = await w.app.run({ caller: caller('poor'), channel, line: `vote ${ref} for` })
    expect(wordsOf(view)).toContain(`${poor.address} had no weight when voting on ${ref} started.`)
    expect(view.actions).toEqual([{ label: `/power ${ref}`, run: `power ${ref}` }])
  })

  test('with less than is relayed here', async () => {
    const strict = {
      ...w,
      ctx: { ...w.ctx, config: { ...w.ctx.config, RELAY_MIN_WEIGHT: parseEther('401').toString() } },
    }
    await expect(openPage(strict, w.people[3]!, { ref, support: 1 })).rejects.toMatchObject({
      code: 'min-weight',
      hint: 'You can still vote from your wallet directly.',
    })
    await expect(openPage(strict, w.people[4]!, { ref, support: 1 })).resolves.toBeTypeOf('string')
  })

  test('a second time, where votes are final', async () => {
    const { ref: once } = await openProposal(w, 'auto')
    await cast(w, 2, { ref: once, support: 1 })
    await expect(cast(w, 2, { ref: once, support: 0 })).rejects.toMatchObject({
      code: 'voted',
      message: expect.stringMatching(/^You voted For on Playground: signed/) as string,
    })
    await relayAndSettle(w)
    await expect(cast(w, 2, { ref: once, support: 0 })).rejects.toMatchObject({
      code: 'voted',
      message: expect.stringMatching(/^You voted For on Playground: signed → sent → counted in block \d+/) as string,
    })
  })

  test('on two proposals of a foreign governor at once, because its nonces are one row', async () => {
    const other = await openProposal(w, 'oz')
    const third = await openProposal(w, 'oz')
    await cast(w, 2, { ref: other.ref, support: 1 })
    await expect(cast(w, 2, { ref: third.ref, support: 1 })).rejects.toMatchObject({
      message: `Plain DAO takes one signed ballot of a wallet at a time, and yours for ${other.ref} is on its way. Vote again once it is counted.`,
    })
    await relayAndSettle(w)
    await expect(cast(w, 2, { ref: third.ref, support: 1 })).resolves.toMatch(/^0x/)
  })

  test('with too long a reason', async () => {
    await expect(openPage(w, w.people[3]!, { ref, support: 1, reason: 'ä'.repeat(501) })).rejects.toMatchObject({
      code: 'reason',
      message: 'The reason is too long: 1002 of at most 1000 bytes.',
    })
  })

  test('for a choice that there is not', async () => {
    const { view } = await w.app.run({ caller: w.people[3]!, channel, line: `vote ${ref} perhaps` })
    expect(wordsOf(view)).toContain('“perhaps” is not a choice: for, against or abstain.')
  })
})

describe('the budget', () => {
  const spare = (settings: object): BallotWorld => ({
    ...w,
    ctx: { ...w.ctx, config: { ...w.ctx.config, ...settings } },
  })
  const tomorrow = (world: BallotWorld, days: number): BallotWorld => ({
    ...world,
    ctx: { ...world.ctx, now: () => Date.now() + days * 86_400_000 },
  })

  test('of a voter ends after so many ballots a day', async () => {
    const two = tomorrow(spare({ RELAY_VOTER_BALLOTS: 2 }), 1)
    const refs = []
    for (let count = 0; count < 3; count += 1) refs.push((await openProposal(w, 'auto')).ref)
    await cast(two, 4, { ref: refs[0]!, support: 1 })
    await cast(two, 4, { ref: refs[1]!, support: 1 })
    await expect(cast(two, 4, { ref: refs[2]!, support: 1 })).rejects.toMatchObject({
      code: 'budget',
      message: 'This wallet has sent its 2 ballots of today.',
    })
    await expect(cast(tomorrow(two, 2), 4, { ref: refs[2]!, support: 1 })).resolves.toMatch(/^0x/)
  })

  test('of a DAO is never passed, even by ballots at the same time', async () => {
    const { ref: busy } = await openProposal(w, 'auto')
    const tight = tomorrow(spare({ RELAY_DAILY_GAS: 400_000 }), 5)
    const outcomes = await Promise.allSettled([0, 1, 4].map((index) => cast(tight, index, { ref: busy, support: 1 })))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    const refused = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(refused.reason).toMatchObject({
      code: 'budget',
      message: 'What the relayer pays for this DAO in a day is used up.',
    })
  })
})

describe('nothing is promised', () => {
  test('while the chain does not answer', async () => {
    const draft = await page()
    const signature = await sign(w, draft, w.voters[3]!)
    const client = createPublicClient({ transport: http('http://127.0.0.1:9', { retryCount: 0 }) })
    const down = { ...w.ctx, chain: { ...w.ctx.chain, client } } as typeof w.ctx
    await expect(acceptBallot(down, { draft, address: w.voters[3]!.address, signature })).rejects.toBeInstanceOf(
      RetryableError,
    )
    await nothingStored()
  })

  test('without a relayer', async () => {
    const draft = await page()
    const signature = await sign(w, draft, w.voters[3]!)
    const ctx = { ...w.ctx, chain: { ...w.ctx.chain, relayer: undefined } }
    await expect(acceptBallot(ctx, { draft, address: w.voters[3]!.address, signature })).rejects.toMatchObject({
      code: 'relayer',
      message: 'No relayer is set up here.',
    })
    await nothingStored()
  })

  test('when the relayer cannot pay', async () => {
    const draft = await page()
    const signature = await sign(w, draft, w.voters[3]!)
    const ctx = { ...w.ctx, chain: { ...w.ctx.chain, relayer: privateKeyToAccount(generatePrivateKey()) } }
    await expect(acceptBallot(ctx, { draft, address: w.voters[3]!.address, signature })).rejects.toMatchObject({
      code: 'relayer',
      message: 'The relayer has run out of money for gas.',
    })
    await nothingStored()
  })
})

describe('the same ballot again', () => {
  test('is the same receipt, also from another platform and at the same time', async () => {
    const { ref: twice } = await openProposal(w, 'auto')
    const wallet = w.voters[0]!
    const elsewhere = caller('voter0', { platform: 'telegram' })
    await linkWallet(w.ctx, elsewhere, wallet)
    const here = await openPage(w, w.people[0]!, { ref: twice, support: 1 })
    const there = await openPage(w, elsewhere, { ref: twice, support: 1 })
    const signature = await sign(w, here, wallet)
    expect(await sign(w, there, wallet)).toBe(signature)
    const answers = await Promise.all(
      [here, there, here, there].map((draft) => acceptBallot(w.ctx, { draft, address: wallet.address, signature })),
    )
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    await relayAndSettle(w)
    expect(await ballotRow(w, answers[0]!.id)).toMatchObject({ state: 'counted', tries: 0 })
    expect(await acceptBallot(w.ctx, { draft: there, address: wallet.address, signature })).toEqual(answers[0])
    expect(await ballotPage(w.ctx, { draft: there })).toMatchObject({ state: 'signed', ballot: answers[0]!.id })
    await expect(ballotTypedData(w.ctx, { draft: here, address: wallet.address })).rejects.toMatchObject({
      code: 'used',
      hint: `/receipt ${answers[0]!.id.slice(2, 10)}`,
    })
  })
})

describe('a contract wallet', () => {
  const tokenAbi = parseAbi([
    'function transfer(address to, uint256 value) returns (bool)',
    'function delegate(address delegatee)',
  ])

  test.each(['auto', 'oz'] as const)(
    'that is deployed votes in the %s DAO by what it says itself (EIP-1271)',
    async (which) => {
      const owner = account(w.chain, 6)
      const address = await deploy(w.chain, { account: owner, ...testWallet, args: [owner.address] })
      const { token } = which === 'auto' ? w.autoDao : w.ozDao
      const giver = { ...w.deployer, wallet: w.chain.wallet(w.voters[4]!) }
      await sendCall(giver, {
        to: token,
        data: encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args: [address, 7n] }),
      })
      const data = encodeFunctionData({ abi: tokenAbi, functionName: 'delegate', args: [address] })
      await sendCall(
        { ...w.deployer, wallet: w.chain.wallet(owner) },
        {
          to: address,
          data: encodeFunctionData({ abi: testWallet.abi, functionName: 'execute', args: [token, data] }),
        },
      )
      const smart = { ...owner, address } as LocalAccount
      const who = caller(`smart-${which}`)
      await linkWallet(w.ctx, who, smart)
      const { ref: open } = await openProposal(w, which)
      const draft = await openPage(w, who, { ref: open, support: 1, reason: 'As a contract' })
      const { id } = await acceptBallot(w.ctx, { draft, address, signature: await sign(w, draft, owner, address) })
      expect(await ballotRow(w, id)).toMatchObject({ signer: 'contract', state: 'accepted' })
      await relayAndSettle(w)
      expect(await ballotRow(w, id)).toMatchObject({ state: 'counted', weight: '7' })
      const stranger = await openPage(w, who, { ref: (await openProposal(w, which)).ref, support: 1 })
      await expect(
        acceptBallot(w.ctx, { draft: stranger, address, signature: await sign(w, stranger, w.voters[1]!, address) }),
      ).rejects.toMatchObject({ code: 'signer' })
    },
  )

  test('that is not deployed yet (EIP-6492) is told to deploy first', async () => {
    const owner = account(w.chain, 8)
    const factory = await deploy(w.chain, { account: owner, ...testWalletFactory })
    const call = { abi: testWalletFactory.abi, args: [owner.address, zeroHash] } as const
    const address = await w.ctx.chain.client.readContract({ ...call, address: factory, functionName: 'predict' })
    const deployment = encodeFunctionData({ ...call, functionName: 'create' })
    const wrap = async (inner: Promise<Hex>): Promise<Hex> =>
      serializeErc6492Signature({ address: factory, data: deployment, signature: await inner })
    const unborn = {
      ...owner,
      address,
      signMessage: (message: Parameters<LocalAccount['signMessage']>[0]) => wrap(owner.signMessage(message)),
    } as LocalAccount
    const token = { to: w.autoDao.token }
    const delegate = encodeFunctionData({ abi: tokenAbi, functionName: 'delegate', args: [address] })
    const give = encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args: [owner.address, 9n] })
    await sendCall({ ...w.deployer, wallet: w.chain.wallet(w.voters[4]!) }, { ...token, data: give })
    await sendCall({ ...w.deployer, wallet: w.chain.wallet(owner) }, { ...token, data: delegate })
    await linkWallet(w.ctx, caller('unborn'), unborn)
    const { ref: open } = await openProposal(w, 'auto')
    const draft = await openPage(w, caller('unborn'), { ref: open, support: 1 })
    const signature = await wrap(sign(w, draft, owner, address) as Promise<Hex>)
    await expect(acceptBallot(w.ctx, { draft, address, signature })).rejects.toMatchObject({
      code: 'signature',
      message: 'This wallet is a contract that does not exist on the chain yet, so no governor can ask it.',
      hint: 'Send any transaction from it first, then sign again.',
    })
  })
})
