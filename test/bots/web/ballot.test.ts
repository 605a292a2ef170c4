import { pino } from 'pino'
import type { LocalAccount } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { View } from '../../../core/index.ts'
import { caller, linkWallet } from '../../support/linking.ts'
import { openProposal, webWorld, type WebWorld } from '../../support/web.ts'
import { times } from '../../support/world.ts'

let all: WebWorld
let ref = ''
const lines: string[] = []

beforeAll(async () => {
  all = await webWorld({ work: true })
  all.ctx.log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) })
  ref = (await openProposal(all, '# Fund the audit\n\nWe pay the auditors.')).ref
  for (const [index, name] of ['alice', 'bob', 'carol', 'dave', 'erin'].entries())
    await linkWallet(all.ctx, caller(name), wallet(index))
})
afterAll(() => all.stop())

const wallet = (index: number): LocalAccount => all.voters[index]!

type Fault = { status: number; code: string; message: string; hint?: string }
type TypedData = Parameters<LocalAccount['signTypedData']>[0]

async function ask<T>(path: string, data?: unknown): Promise<T> {
  const response = await fetch(all.web.url + path, {
    ...(data === undefined ? {} : { method: 'POST', body: JSON.stringify(data) }),
    headers: { 'content-type': 'application/json' },
  })
  const body = (await response.json()) as { error?: Fault }
  if (body.error) return { ...body.error, status: response.status } as T
  expect(response.status).toBe(200)
  return body as T
}

/** Types the line in the playground and hands back the last part of the address that the answer leads to. */
async function page(person: string, line: string): Promise<string> {
  const { answer } = await ask<{ answer: { view: View } }>('/api/play/line', { person, channel: 'governance', line })
  const action = answer.view.actions?.find((each) => 'open' in each)
  if (!action || !('open' in action)) throw new Error(`no page: ${JSON.stringify(answer.view)}`)
  return action.open.split('/').pop() ?? ''
}

async function sign(draft: string, signer: LocalAccount): Promise<{ address: string; signature: string }> {
  const { address } = signer
  const { typedData } = await ask<{ typedData: TypedData }>(`/api/ballot/${draft}/typed-data`, { address })
  return { address, signature: await signer.signTypedData(withoutDomainType(typedData)) }
}

/** viem derives the domain's type by itself. */
function withoutDomainType(typedData: TypedData): TypedData {
  const { EIP712Domain: _, ...types } = typedData.types as Record<string, unknown>
  return { ...typedData, types } as TypedData
}

const submit = (draft: string, signed: object) => ask<Fault & { id?: string }>(`/api/ballot/${draft}/signature`, signed)

/** Asks until the receipt says so: the workers run beside the test. */
async function receiptIn(id: string, state: string): Promise<Record<string, unknown>> {
  return await expect
    .poll(() => ask<Record<string, unknown>>(`/api/receipt/${id}`), { timeout: 20_000 })
    .toMatchObject({ state: expect.stringMatching(state) as string })
    .then(() => ask<Record<string, unknown>>(`/api/receipt/${id}`))
}

describe('a ballot over HTTP', () => {
  test('goes from the page to a receipt that says counted, and leaves no secret in the log', async () => {
    const draft = await page('alice', `vote ${ref} for Because it is needed`)
    const shell = await (await fetch(`${all.web.url}/b/${draft}`)).text()
    expect(shell).not.toContain('Because it is needed')
    expect(shell).not.toContain(draft)
    expect(await ask(`/api/ballot/${draft}`)).toMatchObject({
      proposal: { ref, title: 'Fund the audit', dao: 'Test DAO', clock: 'timestamp' },
      choice: 'For',
      reason: 'Because it is needed',
      token: { symbol: 'TEST', decimals: 18 },
      wallets: [{ address: wallet(0).address, weight: '100000000000000000000' }],
      state: 'open',
      origin: all.web.url,
      chain: { id: 31_337, name: 'Test chain' },
    })
    const signed = await sign(draft, wallet(0))
    const { id } = await submit(draft, signed)
    expect(id).toMatch(/^0x[0-9a-f]{64}$/)
    const receipt = await receiptIn(id!, 'counted|final')
    expect(receipt).toMatchObject({ choice: 'For', reason: 'Because it is needed', voter: wallet(0).address })
    expect(receipt['steps']).toMatch(/^Signed → sent → counted in block \d+/)
    expect(await submit(draft, signed)).toMatchObject({ id })
    expect(await ask(`/api/ballot/${draft}`)).toMatchObject({ state: 'signed', ballot: id, wallets: [] })

    const log = lines.join('')
    expect(log).toContain('/api/ballot/:draft/signature')
    for (const secret of [draft, signed.signature, signed.signature.slice(10, 80)]) expect(log).not.toContain(secret)
  })

  test('can be kept, and sent by anybody', async () => {
    const draft = await page('bob', `vote ${ref} against`)
    const { id } = await submit(draft, await sign(draft, wallet(1)))
    const kept = await fetch(`${all.web.url}/api/receipt/${id}/ballot`)
    expect(kept.headers.get('content-disposition')).toBe(
      `attachment; filename="ballot-${ref}-${id!.slice(2, 10)}.json"`,
    )
    const ballot = (await kept.json()) as { alone: { to: `0x${string}`; data: `0x${string}` } }
    expect(ballot).toMatchObject({ id, voter: wallet(1).address, choice: 'Against', chainId: 31_337 })
    const html = await (await fetch(`${all.web.url}/r/${id!.slice(2, 10)}`)).text()
    expect(html).toContain(ballot.alone.to)
    expect(html).toContain(ballot.alone.data)
    await receiptIn(id!, 'counted|final')
  })

  test('is refused for every fault with a status and a sentence of its own', async () => {
    const draft = await page('carol', `vote ${ref} abstain`)
    const { address } = wallet(2)
    const typed = (body: unknown) => ask<Fault>(`/api/ballot/${draft}/typed-data`, body)
    expect(await ask('/api/ballot/nothing')).toMatchObject({ status: 404, code: 'unknown' })
    expect(await typed({})).toMatchObject({ status: 400, code: 'json' })
    expect(await typed({ address: 'carol' })).toMatchObject({ status: 403, code: 'not-linked' })
    expect(await typed({ address: wallet(3).address })).toMatchObject({ status: 403, code: 'not-linked' })
    expect(await submit(draft, { address, signature: '0x12' })).toMatchObject({ status: 422, code: 'step' })
    const signed = await sign(draft, wallet(2))
    const faults = {
      malformed: 'hello',
      short: signed.signature.slice(0, -2),
      empty: `0x${'0'.repeat(130)}`,
      // The same curve point mirrored: valid for many libraries, and a second ballot if it were taken.
      malleable: malleable(signed.signature),
      stranger: await wallet(3).signMessage({ message: 'something else' }),
    }
    const answers = await Promise.all(Object.values(faults).map((signature) => submit(draft, { address, signature })))
    for (const answer of answers) {
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
      expect(answer.message).toMatch(/^[A-Z].*\.$/)
      expect(answer).not.toHaveProperty('id')
    }
    expect(await submit(draft, { ...signed, signature: 'x'.repeat(50_000) })).toMatchObject({ status: 400 })
    expect(await submit(draft, signed)).toHaveProperty('id')
  })

  test('of a page that has expired is not taken, and the page says so', async () => {
    const draft = await page('dave', `vote ${ref} for`)
    const signed = await sign(draft, wallet(3))
    all.wait(61)
    try {
      expect(await ask(`/api/ballot/${draft}`)).toMatchObject({ status: 410, code: 'expired' })
      expect(await submit(draft, signed)).toMatchObject({ status: 410, code: 'expired' })
    } finally {
      all.wait(-61)
    }
    expect(await submit(draft, signed)).toHaveProperty('id')
  })

  test('is shown by no receipt that is not there', async () => {
    expect(await ask('/api/receipt/deadbeef')).toMatchObject({ status: 404, code: 'unknown' })
    expect(await ask('/api/receipt/x')).toMatchObject({ status: 400, code: 'usage' })
    expect(await ask('/api/receipt/0x')).toMatchObject({ status: 400, code: 'usage' })
  })
})

describe('a delegation over HTTP', () => {
  test('is shown, signed, relayed and followed', async () => {
    const id = await page('dave', `delegate test ${wallet(0).address}`)
    expect(await ask(`/api/delegation/${id}`)).toMatchObject({
      dao: { name: 'Test DAO', slug: 'test', token: all.autoDao.token },
      wallets: [wallet(3).address],
      to: wallet(0).address,
      origin: all.web.url,
    })
    const { address } = wallet(3)
    const { typedData } = await ask<{ typedData: TypedData }>(`/api/delegation/${id}/typed-data`, { address })
    const signature = await wallet(3).signTypedData(typedData)
    expect(await ask(`/api/delegation/${id}/signature`, { address, signature: '0x12' })).toMatchObject({
      code: 'signature',
    })
    expect(await ask(`/api/delegation/${id}/signature`, { address: wallet(1).address, signature })).toMatchObject({
      status: 403,
      code: 'foreign-wallet',
    })
    const { id: signed } = await ask<{ id: string }>(`/api/delegation/${id}/signature`, { address, signature })
    await expect.poll(() => ask(`/api/delegated/${signed}`), { timeout: 20_000 }).toMatchObject({ state: 'done' })
    expect(lines.join('')).not.toContain(id)
  })

  test('of a page that was never there is refused', async () => {
    expect(await ask('/api/delegation/nothing')).toMatchObject({ status: 410, code: 'expired' })
    expect(await ask('/api/delegated/0x12')).toMatchObject({ status: 404, code: 'unknown' })
  })
})

test('a ballot for a vote that is over is refused', async () => {
  const draft = await page('erin', `vote ${ref} for`)
  const signed = await sign(draft, wallet(4))
  await all.chain.travel(times.votingPeriod + 1)
  expect(await submit(draft, signed)).toMatchObject({ status: 409, code: 'closed' })
  expect(await ask(`/api/ballot/${draft}`)).toMatchObject({
    wallets: [{ why: `Voting on ${ref} is over.`, hint: `/proposal ${ref}` }],
  })
})

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

function malleable(signature: string): string {
  const s = order - BigInt(`0x${signature.slice(66, 130)}`)
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${signature.endsWith('1b') ? '1c' : '1b'}`
}

test('while the chain does not answer, a page says when to come back', async () => {
  const bob = await page('bob', 'delegate test')
  await all.chain.stop()
  const response = await fetch(`${all.web.url}/api/delegation/${bob}/typed-data`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ address: wallet(1).address }),
  })
  expect(response.status).toBe(503)
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await response.json()).toMatchObject({
    error: { code: 'busy', message: 'Something AutoCo depends on does not answer right now.' },
  })
  const ready = await fetch(`${all.web.url}/readyz`)
  expect(ready.status).toBe(503)
  expect(await ready.json()).toEqual({ status: 'waiting', database: true, chain: false })
})
