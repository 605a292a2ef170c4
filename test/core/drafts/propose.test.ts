import { parseEther, type Address, type Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acceptSent } from '../../../core/actions/accept.ts'
import { actionAsked } from '../../../core/actions/page.ts'
import { forget, hear } from '../../../core/chat/hear.ts'
import { pollOnce } from '../../../core/listen/listener.ts'
import { watchDao } from '../../../core/listen/watch.ts'
import { actionJob } from '../../../core/actions/jobs/action.ts'
import { announceJob } from '../../../core/governance/jobs/announce.ts'
import type { View } from '../../../core/view.ts'
import { wordsOf } from '../../support/ballots.ts'
import { account, caller, channel, linkWallet } from '../../support/linking.ts'
import { world, type World } from '../../support/world.ts'

let w: World
beforeAll(async () => {
  w = await world()
  await watchDao(w.ctx, { address: w.autoDao.dao, slug: 'auto', channel })
  await watchDao(w.ctx, { address: w.ozDao.dao, slug: 'oz', channel })
  await linkWallet(w.ctx, caller('ada'), w.voters[1]!)
  await linkWallet(w.ctx, caller('eve'), account(w.chain, 7))
})
afterAll(() => w.stop())

const ask = async (who: string, line: string): Promise<View> => {
  const { view, audience } = await w.app.run({ caller: caller(who), channel, line })
  expect(audience).toBe('caller')
  return view
}
const draftOf = (view: View): string => /^Draft (\d+):/.exec(view.title ?? '')?.[1] ?? ''
const say = (id: string, author: string, words: string, where = channel.id) =>
  hear(w.ctx, {
    platform: channel.platform,
    channel: where,
    id,
    author,
    authorId: author.toLowerCase(),
    text: words,
    at: Date.now(),
  })

/** Opens a draft with the wallet and lets the listener hear of it. */
async function openDraft(
  who: string,
  draft: string,
  more = '',
): Promise<{ ref: string; description: string; id: string }> {
  const view = await ask(who, `draft-open ${draft}${more}`)
  const page = view.actions?.[0]
  if (!page || !('open' in page)) throw new Error(wordsOf(view))
  const secret = page.open.split('/').at(-1) ?? ''
  const asked = await actionAsked(w.ctx, { secret })
  if (!('transaction' in asked)) throw new Error('there is nothing to send')
  const wallet = w.chain.wallet(w.voters[1]!)
  const { to, data } = asked.transaction as { to: Address; data: Hex }
  const hash = await wallet.sendTransaction({ to, data })
  await w.ctx.chain.client.waitForTransactionReceipt({ hash })
  await acceptSent(w.ctx, { secret, number: 0, hash })
  await actionJob.run(w.ctx, {})
  await pollOnce(w.ctx)
  return await w.ctx.db
    .selectFrom('proposal')
    .select(['ref', 'description', 'id'])
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
}

describe('/propose', () => {
  test('begins a draft that looks as its card will, takes calls that are tried, and goes on the chain by the wallet', async () => {
    await w.ctx.chain.client.request({
      method: 'anvil_setBalance',
      params: [w.autoDao.timelock, '0xde0b6b3a7640000'],
    } as never)
    const first = await ask('ada', 'propose auto "Fund the *audit*" We need an audit of the bridge before spring.')
    const draft = draftOf(first)
    expect(wordsOf(first)).toContain('Not open yet.')
    expect(wordsOf(first)).toContain('it is a statement')
    expect(await w.ctx.db.selectFrom('proposal').select('id').execute()).toEqual([])

    await ask('ada', `draft-pay ${draft} ${account(w.chain, 8).address} 0.5`)
    await ask('ada', `draft-mint ${draft} ${account(w.chain, 8).address} 12`)
    const whole = wordsOf(await ask('ada', `draft-set ${draft} voting-period 5d`))
    expect(whole).toContain("it sends 0.5 ETH of the chain's own coin")
    expect(whole).toContain(`mint(to: ${account(w.chain, 8).address}, amount: ${parseEther('12')})`)
    expect(whole).toContain('setVotingPeriod(newVotingPeriod: 432000)')
    expect(whole).toContain('Call 1: tried on the chain as it is now, works.')
    expect(whole).toContain('Call 2: tried on the chain as it is now, works.')
    expect(whole).toContain('Call 3: could not be tried.')

    const { ref, description, id } = await openDraft('ada', draft)
    expect(description).toBe(
      `# Fund the audit\n\nWe need an audit of the bridge before spring.\n\n#proposer=${w.voters[1]!.address.toLowerCase()}`,
    )
    const after = await ask('ada', `draft ${draft}`)
    expect(wordsOf(after)).toContain(`It is on the chain as  | ${ref}`)
    expect(wordsOf(await ask('ada', `draft-text ${draft} more`))).toContain('on the chain already')
    await announceJob.run(w.ctx, { proposalId: id })
    const card = await w.ctx.db
      .selectFrom('effect')
      .select('view')
      .where('key', '=', `proposal/${id}/${channel.platform}/${channel.id}`)
      .executeTakeFirstOrThrow()
    expect(wordsOf(card.view as View)).toContain('Fund the audit')
  })

  test('lets nobody else open the same text', async () => {
    const draft = draftOf(await ask('ada', 'propose oz "Ours alone" Nobody may run ahead.'))
    const view = await ask('ada', `draft-open ${draft}`)
    const page = view.actions?.[0] as { open: string }
    const asked = await actionAsked(w.ctx, { secret: page.open.split('/').at(-1) ?? '' })
    const { to, data } = (asked as { transaction: { to: Address; data: Hex } }).transaction
    const by = (index: number) => w.ctx.chain.client.call({ account: w.voters[index]!.address, to, data })
    await expect(by(2)).rejects.toThrow(/reverted/i)
    await expect(by(1)).resolves.toBeDefined()
  })

  test('from a thread takes the messages that people marked for it, by name, until they are deleted', async () => {
    const draft = draftOf(await ask('ada', 'propose auto thread Pay the auditors'))
    await say('m1', 'Bob', `draft-${draft}: The auditors asked for **ten** ether in advance.`)
    await say('m2', 'Cleo', `I would rather pay half now. (draft-${draft})`)
    await say('m3', 'Dan', `draft-${draft} Never mind me.`)
    await say('m4', 'Eve', `draft-${draft} From another place.`, 'elsewhere')
    await say('m5', 'Finn', 'Nothing of this is meant for the draft.')
    await forget(w.ctx, { platform: channel.platform, channel: channel.id, id: 'm3' })
    const { description } = await openDraft('ada', draft)
    expect(description).toBe(
      [
        '# Pay the auditors',
        '## From the discussion',
        '- The auditors asked for ten ether in advance. (Bob)\n- I would rather pay half now. (Cleo)',
        'Written with: Bob, Cleo',
        `#proposer=${w.voters[1]!.address.toLowerCase()}`,
      ].join('\n\n'),
    )
  })

  test('goes on from what was said here about an earlier proposal', async () => {
    const { ref, title } = await w.ctx.db
      .selectFrom('proposal')
      .select(['ref', 'title'])
      .where('ref', 'like', 'auto-%')
      .orderBy('id')
      .executeTakeFirstOrThrow()
    await say('n1', 'Gus', `About ${ref}: the audit should cover the new relayer contract as well.`)
    const view = await ask('ada', 'propose auto thread')
    expect(view.title).toContain(`After ${ref}: ${title}`)
    expect(wordsOf(view)).toContain('the audit should cover the new relayer contract as well. (Gus)')
  })

  test('is refused below the threshold with what is needed and the way out', async () => {
    const draft = draftOf(await ask('eve', 'propose auto "Give it to me"'))
    expect(wordsOf(await ask('eve', `draft ${draft}`))).toContain('Not enough weight to propose.')
    const refused = wordsOf(await ask('eve', `draft-open ${draft}`))
    expect(refused).toContain('one wallet needs a weight of 0.000000000000000001 TEST')
    expect(refused).toContain('has 0 TEST')
    expect(refused).toContain('/delegate auto')
  })

  test('names the call that would fail, and opens it only when told to', async () => {
    const draft = draftOf(await ask('ada', 'propose oz "Pay what is not there"'))
    const view = await ask('ada', `draft-pay ${draft} ${account(w.chain, 8).address} 3 PLAIN`)
    expect(wordsOf(view)).toContain('Call 1 would fail now. |  The contract refuses it: erc20 insufficient balance.')
    const refused = await ask('ada', `draft-open ${draft}`)
    expect(wordsOf(refused)).toContain('Call 1 would fail if it were executed now.')
    const coin = await ask('ada', `draft-pay ${draft} ${account(w.chain, 8).address} 3`)
    expect(wordsOf(coin)).toContain('The treasury holds 0 ETH, and up to here 3 ETH would leave it.')
    expect((await openDraft('ada', draft, ' anyway')).ref).toMatch(/^oz-/)
  })

  test('keeps a draft from others, and deletes it when told to', async () => {
    const draft = draftOf(await ask('ada', 'propose auto "Mine" alone'))
    expect(wordsOf(await ask('eve', `draft ${draft}`))).toContain(`You have no draft ${draft}.`)
    expect(wordsOf(await ask('eve', `draft-cut ${draft} all`))).toContain(`You have no draft ${draft}.`)
    expect(wordsOf(await ask('ada', 'draft'))).toContain(`${draft}: Mine`)
    expect(wordsOf(await ask('ada', `draft-cut ${draft} all`))).not.toContain(`${draft}: Mine`)
  })

  test('loses no call when two are added at once', async () => {
    const draft = draftOf(await ask('ada', 'propose auto "Both" of them'))
    const { address } = account(w.chain, 8)
    await Promise.all([1, 2, 3].map((count) => ask('ada', `draft-mint ${draft} ${address} ${count}`)))
    const { calls } = await w.ctx.db
      .selectFrom('proposal_draft')
      .select('calls')
      .where('id', '=', draft)
      .executeTakeFirstOrThrow()
    expect(calls).toHaveLength(3)
    expect(wordsOf(await ask('ada', `draft-cut ${draft} call`))).not.toContain('Call 3')
  })

  test('forgets what was marked for a draft when the draft is deleted, and nothing else', async () => {
    const draft = draftOf(await ask('ada', 'propose auto thread Soon gone'))
    const messages = () => w.ctx.db.selectFrom('message').select('id').where('id', 'in', ['k1', 'k2']).execute()
    await say('k1', 'Bob', `draft-${draft} Only for this.`)
    await say('k2', 'Bob', `draft-${draft} About auto-1 as well.`)
    expect(await messages()).toHaveLength(2)
    await ask('ada', `draft-cut ${draft} all`)
    expect(await messages()).toEqual([{ id: 'k2' }])
  })

  test('is forgotten with the person who wrote it', async () => {
    await linkWallet(w.ctx, caller('gone'), account(w.chain, 6))
    const draft = draftOf(await ask('gone', 'propose auto "Forget me" please'))
    await ask('gone', 'erase yes')
    const left = await w.ctx.db.selectFrom('proposal_draft').select('id').where('id', '=', draft).execute()
    expect(left).toEqual([])
  })
})

describe('what somebody types wrong', () => {
  let draft: string
  beforeAll(async () => {
    draft = draftOf(await ask('ada', 'propose auto "Typing" words'))
  })
  test.each([
    ['draft-pay N 0x1234 1', 'is not an address'],
    ['draft-pay N 0x70997970c51812dc3A010C7d01b50e0d17dc79C8 1', 'is not an address'],
    ['draft-pay N 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 1,5', 'is not an amount of ETH'],
    ['draft-pay N 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 0', 'is not an amount of ETH'],
    ['draft-pay N 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 1 GOLD', 'is neither a token'],
    ['draft-set N quorum 101', 'is not a whole number of percent'],
    ['draft-set N voting-period soon', 'is not a length of time'],
    ['draft-set N voting-period 0', 'have to stay open'],
    ['draft-call N 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 0x123', 'pairs of hex digits'],
    ['draft abc', 'is not the number of a draft'],
    ['propose nowhere Title', 'I watch no DAO called'],
  ])('%s is refused in words', async (line, words) => {
    expect(wordsOf(await ask('ada', line.replace('N', draft)))).toContain(words)
  })

  test('text that is too long is refused with its length', async () => {
    expect(wordsOf(await ask('ada', `draft-text ${draft} ${'x'.repeat(30_001)}`))).toContain('30000 is the most')
    expect(wordsOf(await ask('ada', `propose auto ${'x'.repeat(121)}`))).toContain('The title has 121 characters')
  })
})
