import { concat, keccak256, stringToHex, toEventSelector, toHex, type Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pollOnce } from '../../../core/listen/listener.ts'
import { headline } from '../../../core/listen/words.ts'
import { watchDao } from '../../../core/listen/watch.ts'
import { sendCall } from '../../../bots/world/deploy.ts'
import { abiWords, emitCall, stubContract } from '../../support/stub-contract.ts'
import { world, type World } from '../../support/world.ts'

let all: World
beforeAll(async () => {
  all = await world()
  await watchDao(all.ctx, { address: all.ozDao.dao, slug: 'plain' })
  // From here on the contract at this address logs whatever it is told to.
  await pollOnce(all.ctx)
  await all.chain.rpc('anvil_setCode', [all.ozDao.dao, stubContract({})])
})
afterAll(() => all.stop())

const created = toEventSelector(
  'ProposalCreated(uint256,address,address[],uint256[],string[],bytes[],uint256,uint256,string)',
)
const voteCast = toEventSelector('VoteCast(address,uint256,uint8,uint256,string)')
let count = 0

const emit = (topics: readonly [Hex] | readonly [Hex, Hex], data: Hex) =>
  sendCall(all.deployer, { to: all.ozDao.dao, data: emitCall(topics, data) })

/** A proposal with this text, byte by byte, as the listener then has it. */
async function proposed(text: Hex, id = BigInt((count += 1))) {
  await emit(
    [created],
    abiWords('uint256, address, address[], uint256[], bytes[], bytes[], uint256, uint256, bytes', [
      id,
      all.voters[0]!.address,
      [],
      [],
      [],
      [],
      1n,
      2n,
      text,
    ]),
  )
  expect(await pollOnce(all.ctx)).toMatchObject({ status: 'read' })
  return all.ctx.db.selectFrom('proposal').selectAll().where('onchain_id', '=', id.toString()).executeTakeFirstOrThrow()
}

test.each([
  ['a NUL byte', stringToHex('# A\0B'), 'A�B'],
  ['bytes that are no UTF-8', concat([stringToHex('# Bad '), '0xff', stringToHex(' text')]), 'Bad � text'],
  ['half of a character', concat([stringToHex('Cut '), '0xf09f98']), 'Cut �'],
  ['nothing', '0x', 'Untitled proposal'],
  ['nothing but markup', stringToHex('---\n\n***\n# \n'), 'Untitled proposal'],
  ['right-to-left overrides', stringToHex('# Pay \u202eevil\u202c now'), 'Pay evil now'],
  ['emoji', stringToHex('# 🗳️ Vote'), '🗳️ Vote'],
] as const)('a proposal of %s is shown, and its hash is that of its bytes', async (_what, text, title) => {
  const row = await proposed(text)
  expect(row).toMatchObject({ title, text_hash: keccak256(text) })
})

test('a proposal of 100 kB in one line is kept whole, with a short title', async () => {
  const text = `# ${'word '.repeat(20_000)}`
  const row = await proposed(stringToHex(text))
  expect(row.description).toBe(text)
  expect(row.title.length).toBeLessThanOrEqual(140)
})

test('a vote with a reason of bytes and the highest numbers is kept', async () => {
  const row = await proposed(stringToHex('# Count'))
  const most = 2n ** 256n - 1n
  await emit(
    [voteCast, abiWords('address', [all.voters[1]!.address])],
    abiWords('uint256, uint8, uint256, bytes', [BigInt(row.onchain_id), 255, most, '0x00ff41']),
  )
  await pollOnce(all.ctx)
  const votes = await all.ctx.db.selectFrom('vote').selectAll().where('proposal_id', '=', row.id).execute()
  expect(votes).toMatchObject([{ support: 255, weight: most.toString(), reason: '\ufffd\ufffdA' }])
})

test.each([
  ['a proposal without its data', [created], '0x'],
  [
    'a proposal whose lengths lie',
    [created],
    concat([toHex(1, { size: 32 }), ...Array<Hex>(12).fill(toHex(2n ** 255n))]),
  ],
  ['a vote without a voter', [voteCast], abiWords('uint256, uint8, uint256, bytes', [1n, 1, 1n, '0x'])],
  [
    'a vote on a proposal that is not there',
    [voteCast, toHex(5, { size: 32 })],
    abiWords('uint256, uint8, uint256, bytes', [999n, 1, 1n, '0x']),
  ],
  ['an event that nobody knows', [keccak256('0x1234')], '0x1234'],
] as const)('%s harms nothing', async (_what, topics, data) => {
  await emit(topics as never, data)
  expect(await pollOnce(all.ctx)).toMatchObject({ status: 'read' })
})

test.each([
  ['# Fund the **audit** of `core`', 'Fund the audit of core'],
  ['\r\n\r\n## Second level ##\r\nBody', 'Second level'],
  ['No heading at all\n# Later heading', 'No heading at all'],
  ['> Quoted first', 'Quoted first'],
  ['- [x] list', '[x] list'],
  ['[EIP-1](https://example.org) and ![img](x.png)', 'EIP-1 and img'],
  ['<script>alert(1)</script>', '<script>alert(1)</script>'],
  ['#NoSpace', 'NoSpace'],
])('the title of %j is %j', (description, title) => {
  expect(headline(description)).toBe(title)
})
