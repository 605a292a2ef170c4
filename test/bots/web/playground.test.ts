import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashMessage, hexToString, recoverAddress, recoverTypedDataAddress, stringToHex, type Hex } from 'viem'
import { text } from '../../../core/view.ts'
import { platformContract } from '../../support/platform-contract.ts'
import { messagesOf, platformedPlayground, play, type Play, type PlayMessage } from '../../support/playground.ts'
import { builtIn } from '../../support/web.ts'

platformContract('the playground', platformedPlayground, { hasFaults: false })

let all: Play
beforeAll(async () => {
  all = await play()
})
afterAll(() => all.stop())

const say = (person: string, words: string, thread?: string) =>
  all.post('/api/play/say', { person, channel: 'lobby', text: words, ...(thread ? { thread } : {}) })
const idOf = ({ body }: { body: unknown }): string => (body as { id: string }).id

type Heard = { messages: PlayMessage[]; last: string }

/** Opens the stream of a tab; `until` hands back what it heard, once it has heard enough. */
async function listen(
  query: string,
  headers: Record<string, string> = {},
): Promise<{ until(enough: (messages: PlayMessage[]) => boolean): Promise<Heard> }> {
  const end = new AbortController()
  const response = await fetch(`${all.web.url}/api/play/stream?${query}`, { headers, signal: end.signal })
  expect(response.status).toBe(200)
  const parts = response.body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]()
  let buffer = ''
  const heard: Heard = { messages: [], last: '' }
  const readPart = async (): Promise<void> => {
    const { value } = await parts.next()
    const events = (buffer + (value ?? '')).split('\n\n')
    buffer = events.pop() ?? ''
    for (const event of events) {
      if (!/^event: message$/m.test(event)) continue
      heard.messages.push(JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '') as PlayMessage)
      heard.last = /^id: (.*)$/m.exec(event)?.[1] ?? ''
    }
  }
  // The first event says that from here on nothing is missed.
  await readPart()
  return {
    async until(enough) {
      while (!enough(heard.messages)) await readPart()
      end.abort()
      return heard
    },
  }
}

const has =
  (words: string) =>
  (messages: readonly PlayMessage[]): boolean =>
    messages.some((message) => message.text === words || message.html.includes(words))

describe('people', () => {
  test('are the built-in ones and whoever joins, each with a wallet of their own', async () => {
    const { status, body } = await all.post('/api/play/people', { name: 'Zoë Ω' })
    expect(status).toBe(201)
    const { person } = body as { person: { id: string; name: string; address: string } }
    expect(person).toMatchObject({ id: 'zoe', name: 'Zoë Ω', builtIn: false })
    const again = await all.post('/api/play/people', { name: 'Zoë', wallet: false })
    expect(again.body).toMatchObject({ person: { id: 'zoe-2', address: null } })
    const { body: list } = await all.get('/api/play/people')
    const { people } = list as { people: { id: string }[] }
    expect(people.map(({ id }) => id)).toEqual(['alice', 'bob', 'carol', 'dave', 'erin', 'zoe', 'zoe-2'])
    expect(JSON.stringify(list)).not.toMatch(/secret|key|0x[0-9a-f]{64}/)
    const { body: wallets } = await all.get('/api/play/wallets')
    expect(wallets).toMatchObject({ chainId: 31_337 })
    expect((wallets as { wallets: { person: string }[] }).wallets.map(({ person: id }) => id)).not.toContain('zoe-2')
  })

  test('and channels never share a name, because a private conversation goes by it', async () => {
    const { body } = await all.post('/api/play/people', { name: 'Lobby', wallet: false })
    expect(body).toMatchObject({ person: { id: 'lobby-2' } })
    const channel = await all.post('/api/play/channels', { id: 'alice' })
    expect(channel).toMatchObject({ status: 400, body: { error: { message: 'This is the name of a person here.' } } })
  })

  test('that are not there say and run nothing', async () => {
    expect((await say('nobody', 'hello')).status).toBe(404)
    const line = await all.post('/api/play/line', { person: 'nobody', channel: 'lobby', line: 'help' })
    expect(line.status).toBe(404)
  })
})

describe('a test wallet', () => {
  const [alice] = builtIn
  const sign = (payload: string, method: string, address: string = alice!.address) =>
    all.post('/api/play/sign', { address, method, payload })
  const signatureOf = ({ body }: { body: unknown }): Hex => (body as { signature: Hex }).signature

  test('signs words and typed data as a wallet does', async () => {
    const payload = stringToHex('hello — 🙂')
    const words = await sign(payload, 'personal_sign')
    const hash = hashMessage(hexToString(payload))
    expect(await recoverAddress({ hash, signature: signatureOf(words) })).toBe(alice!.address)
    const domain = { name: 'x', version: '1', chainId: 31_337 }
    const types = { Ballot: [{ name: 'support', type: 'uint8' }] } as const
    const typedData = { domain, types, primaryType: 'Ballot', message: { support: 1 } } as const
    const typed = await sign(JSON.stringify(typedData), 'eth_signTypedData_v4')
    expect(await recoverTypedDataAddress({ ...typedData, signature: signatureOf(typed) })).toBe(alice!.address)
  })

  test('signs for no other chain, no transaction, and for nobody it does not know', async () => {
    const other = { domain: { chainId: 1 }, types: { A: [] }, primaryType: 'A', message: {} }
    expect(await sign(JSON.stringify(other), 'eth_signTypedData_v4')).toMatchObject({
      status: 403,
      body: { error: { code: 'foreign' } },
    })
    expect((await sign('{', 'eth_signTypedData_v4')).status).toBe(400)
    expect((await sign('{}', 'eth_sendTransaction')).status).toBe(400)
    expect((await sign('hello', 'personal_sign')).status).toBe(400)
    expect((await sign('0x', 'personal_sign', `0x${'1'.repeat(40)}`)).status).toBe(404)
  })
})

describe('a tab', () => {
  test('hears what is said, edited, and taken back, in that order', async () => {
    const tab = await listen('person=bob')
    const id = idOf(await say('alice', 'hello'))
    const card = await all.web.send({ platform: 'playground', id: 'lobby' }, { body: [text('one')] }, { key: 'tab/1' })
    await all.web.edit(card, { body: [text('two')] })
    expect((await all.post('/api/play/delete', { person: 'bob', id })).status).toBe(404)
    expect((await all.post('/api/play/delete', { person: 'alice', id })).status).toBe(200)
    const { messages } = await tab.until((heard) => heard.some(({ removed }) => removed))
    expect(messages.map((message) => message.id)).toEqual([id, card.id, card.id, id])
    expect(messages[1]?.html).toContain('one')
    expect(messages[2]?.html).toContain('two')
    expect(messages[3]).toMatchObject({ removed: true, text: null, html: '' })
  })

  test('hears nothing that is meant for somebody else', async () => {
    const tab = await listen('person=bob')
    const key = { key: 'tab/2' }
    await all.web.send({ platform: 'playground', id: 'alice' }, { body: [text('for alice')] }, key)
    await all.post('/api/play/line', { person: 'alice', channel: 'lobby', line: 'help' })
    await all.post('/api/play/say', { person: 'alice', channel: '@alice', text: 'to AutoCo' })
    await say('alice', 'the end')
    expect((await tab.until(has('the end'))).messages).toHaveLength(1)
    expect(await messagesOf(all, '@alice', 'bob')).toEqual([])
    expect(await messagesOf(all, '@alice', 'alice')).toHaveLength(2)
  })

  test('goes on where it broke off, with what changed meanwhile', async () => {
    const tab = await listen('person=bob')
    await say('alice', 'before')
    const { last } = await tab.until(has('before'))
    await say('alice', 'while away')
    const back = await listen('person=bob', { 'last-event-id': last })
    expect((await back.until(has('while away'))).messages.at(-1)?.text).toBe('while away')
  })
})

describe('what is said', () => {
  test('stands under the message it answers, and is counted there', async () => {
    const id = idOf(await say('alice', 'question'))
    await say('bob', 'answer', id)
    const top = await messagesOf(all, 'lobby', 'carol')
    expect(top.find((message) => message.id === id)).toMatchObject({ replies: 1 })
    expect(has('answer')(top)).toBe(false)
    const thread = await messagesOf(all, 'lobby', 'carol', id)
    expect(thread.map((message) => message.text)).toEqual(['question', 'answer'])
  })

  test('is never markup', async () => {
    await say('alice', '<img src=x onerror=alert(1)> [x](javascript:alert(2)) @everyone')
    const [message] = (await messagesOf(all, 'lobby', 'bob')).slice(-1)
    expect(message?.html).toContain('&lt;img src=x onerror=alert(1)&gt; [x](javascript:alert(2)) @everyone')
    expect(message?.html).not.toMatch(/<img|href/)
  })

  test('may hold what no database text holds, without it', async () => {
    expect((await say('alice', 'null \0 and half \ud83d an emoji')).status).toBe(201)
    const [message] = (await messagesOf(all, 'lobby', 'bob')).slice(-1)
    expect(message?.text).toBe('null  and half \ufffd an emoji')
    const line = { person: 'alice', channel: 'lobby', line: 'proposal \0\ud83d', id: 'nulls' }
    expect((await all.post('/api/play/line', line)).status).toBe(200)
  })

  test('is refused where nothing is: an unknown channel, thread or page of messages', async () => {
    expect((await all.post('/api/play/say', { person: 'alice', channel: 'nowhere', text: 'x' })).status).toBe(404)
    expect((await all.get('/api/play/messages?channel=nowhere')).status).toBe(404)
    expect((await all.get('/api/play/messages?channel=lobby&thread=x')).status).toBe(400)
    expect(await messagesOf(all, 'lobby', 'alice', '999999999')).toEqual([])
    expect((await say('alice', 'to nobody', '999999999')).status).toBe(404)
    expect((await all.post('/api/play/channels', { id: 'Not A Channel' })).status).toBe(400)
  })

  test('comes in pages of sixty', async () => {
    await all.post('/api/play/channels', { id: 'long' })
    for (let number = 1; number <= 65; number += 1)
      await all.post('/api/play/say', { person: 'alice', channel: 'long', text: `${number}` })
    const newest = await messagesOf(all, 'long', 'bob')
    expect([newest.length, newest[0]?.text, newest.at(-1)?.text]).toEqual([60, '6', '65'])
    const { body } = await all.get(`/api/play/messages?channel=long&person=bob&before=${newest[0]?.id}`)
    expect((body as { messages: PlayMessage[] }).messages.map((message) => message.text)).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
    ])
  })
})

describe('a command line', () => {
  test('is completed: names, then the values of a word', async () => {
    const complete = async (line: string) => {
      const { body } = await all.get(
        `/api/play/complete?${new URLSearchParams({ person: 'bob', channel: 'lobby', line })}`,
      )
      return (body as { choices: { value: string }[] }).choices.map(({ value }) => value)
    }
    expect(await complete('lin')).toEqual(['link'])
    expect(await complete('')).toEqual(expect.arrayContaining(['vote', 'link', 'help']))
    expect(await complete('vote x-1 ')).toEqual(['for', 'against', 'abstain'])
    expect(await complete('nothing ')).toEqual([])
  })

  test('may be sent as the words of a form', async () => {
    const words = { proposal: 'none-1', choice: 'for', reason: 'a "quoted" reason' }
    const sent = await all.post('/api/play/line', { person: 'bob', channel: 'lobby', command: 'vote', words })
    expect(sent.body).toMatchObject({ answer: { audience: 'caller', view: { tone: 'bad' } } })
    const unknown = await all.post('/api/play/line', { person: 'bob', channel: 'lobby', command: 'nothing', words: {} })
    expect(unknown).toMatchObject({ status: 404, body: { error: { message: 'There is no command /nothing.' } } })
  })
})
