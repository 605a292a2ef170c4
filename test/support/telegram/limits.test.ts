import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { TelegramEmulator } from './emulator.ts'
import { hasShared } from '../shared.ts'
import { signInitData, signLogin } from './sign.ts'
import type { Json } from './state.ts'

let telegram: TelegramEmulator
let ann: number
let group: number
beforeAll(async () => {
  telegram = await TelegramEmulator.start({ limits: { chatBurst: 1_000, groupPerMinute: 1_000, perSecond: 1_000 } })
  ann = telegram.addUser('Ann')
  group = telegram.addChat('Group', [ann], { forum: true })
})
afterEach(() => expect(telegram.violations).toEqual([]))
afterAll(() => telegram.stop())

type Said = { ok: boolean; result?: unknown; error_code?: number; description?: string; parameters?: Json }

const call = async (method: string, params: Json, at = telegram): Promise<Said> => {
  const response = await fetch(`${at.url}/bot${at.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  })
  return (await response.json()) as Said
}

async function refused(method: string, params: Json, words: RegExp, code = 400): Promise<void> {
  const said = await call(method, params)
  expect(said).toMatchObject({ ok: false, error_code: code, description: expect.stringMatching(words) as string })
  expect(telegram.takeViolations()).toHaveLength(1)
}

const post = (more: Json) => ({ chat_id: ann, text: 'x', ...more })
const keys = (...buttons: Json[]) => ({ inline_keyboard: [buttons] })
const button = (more: Json) => keys({ text: 'b', ...more })

describe('Telegram takes what is just within its limits, and refuses what is above', () => {
  test.each<[string, string, () => Json, () => Json, RegExp]>([
    [
      'a text of 4096',
      'sendMessage',
      () => post({ text: 'x'.repeat(4_096) }),
      () => post({ text: 'x'.repeat(4_097) }),
      /too long|4096/,
    ],
    ['a text at all', 'sendMessage', () => post({}), () => post({ text: ' ' }), /text is empty/],
    [
      'callback_data of 64 bytes',
      'sendMessage',
      () => post({ reply_markup: button({ callback_data: 'ä'.repeat(32) }) }),
      () => post({ reply_markup: button({ callback_data: `${'ä'.repeat(32)}x` }) }),
      /1-64 bytes|BUTTON_DATA_INVALID/,
    ],
    [
      'a Mini App over https',
      'sendMessage',
      () => post({ reply_markup: button({ web_app: { url: 'https://a.example' } }) }),
      () => post({ reply_markup: button({ web_app: { url: 'http://a.example' } }) }),
      /Only HTTPS/,
    ],
    [
      'a Mini App in a private chat',
      'sendMessage',
      () => post({ reply_markup: button({ web_app: { url: 'https://a.example' } }) }),
      () => post({ chat_id: group, reply_markup: button({ web_app: { url: 'https://a.example' } }) }),
      /BUTTON_TYPE_INVALID/,
    ],
    [
      'a button of one kind',
      'sendMessage',
      () => post({ reply_markup: button({ url: 'https://a.example' }) }),
      () => post({ reply_markup: button({ url: 'https://a.example', callback_data: 'x' }) }),
      /BUTTON_TYPE_INVALID/,
    ],
    [
      'HTML that is closed',
      'sendMessage',
      () => post({ text: '<b>x</b>', parse_mode: 'HTML' }),
      () => post({ text: '<b>x', parse_mode: 'HTML' }),
      /can't parse entities/,
    ],
    [
      'MarkdownV2 that is escaped',
      'sendMessage',
      () => post({ text: String.raw`a\.b`, parse_mode: 'MarkdownV2' }),
      () => post({ text: 'a.b', parse_mode: 'MarkdownV2' }),
      /can't parse entities/,
    ],
    [
      'an entity within the text',
      'sendMessage',
      () => post({ text: 'abc', entities: [{ type: 'bold', offset: 1, length: 2 }] }),
      () => post({ text: 'abc', entities: [{ type: 'bold', offset: 1, length: 3 }] }),
      /entities/,
    ],
    [
      'entities that nest',
      'sendMessage',
      () =>
        post({
          text: 'abcd',
          entities: [
            { type: 'bold', offset: 0, length: 4 },
            { type: 'italic', offset: 1, length: 2 },
          ],
        }),
      () =>
        post({
          text: 'abcd',
          entities: [
            { type: 'bold', offset: 0, length: 3 },
            { type: 'italic', offset: 1, length: 3 },
          ],
        }),
      /overlap/,
    ],
    [
      'commands of 1 to 32 small letters',
      'setMyCommands',
      () => ({ commands: [{ command: 'vote', description: 'Vote' }] }),
      () => ({ commands: [{ command: 'Vote', description: 'Vote' }] }),
      /BOT_COMMAND_INVALID/,
    ],
    [
      'a command of 32',
      'setMyCommands',
      () => ({ commands: [{ command: 'v'.repeat(32), description: 'Vote' }] }),
      () => ({ commands: [{ command: 'v'.repeat(33), description: 'Vote' }] }),
      /BOT_COMMAND_INVALID|32/,
    ],
    [
      'a description at all',
      'setMyCommands',
      () => ({ commands: [{ command: 'a', description: 'x' }] }),
      () => ({ commands: [{ command: 'a', description: '' }] }),
      /DESCRIPTION_INVALID|256|empty/i,
    ],
    [
      'callback_data at all',
      'sendMessage',
      () => post({ reply_markup: button({ callback_data: 'x' }) }),
      () => post({ reply_markup: button({ callback_data: '' }) }),
      /1-64 bytes|BUTTON_DATA_INVALID|BUTTON_TYPE_INVALID/,
    ],
    [
      'a hundred commands',
      'setMyCommands',
      () => ({ commands: many(100) }),
      () => ({ commands: many(101) }),
      /TOO_MUCH|100/,
    ],
    [
      'a description of 256',
      'setMyCommands',
      () => ({ commands: [{ command: 'a', description: 'x'.repeat(256) }] }),
      () => ({ commands: [{ command: 'a', description: 'x'.repeat(257) }] }),
      /256|DESCRIPTION_INVALID/,
    ],
    [
      'a menu button over https',
      'setChatMenuButton',
      () => ({ menu_button: { type: 'web_app', text: 'x', web_app: { url: 'https://a.example' } } }),
      () => ({ menu_button: { type: 'web_app', text: 'x', web_app: { url: 'http://a.example' } } }),
      /BUTTON_URL_INVALID/,
    ],
    [
      'a topic that is there',
      'sendMessage',
      () => post({ chat_id: group, message_thread_id: telegram.addTopic(group, 'Votes') }),
      () => post({ chat_id: group, message_thread_id: 999_999 }),
      /thread not found/,
    ],
    [
      'a message to answer that is there',
      'sendMessage',
      () => post({ reply_parameters: { message_id: telegram.say(ann, ann, 'hello') } }),
      () => post({ reply_parameters: { message_id: 999_999 } }),
      /to be replied not found/,
    ],
    [
      'a webhook over https',
      'setWebhook',
      () => ({ url: 'https://a.example/x', secret_token: 'A-z_0' }),
      () => ({ url: 'http://a.example/x' }),
      /HTTPS URL/,
    ],
    ['a secret of letters, digits, _ and -', 'deleteWebhook', () => ({}), () => ({}), /./],
  ])('%s', async (name, method, within, above, words) => {
    expect(await call(method, within())).toMatchObject({ ok: true })
    if (name.startsWith('a secret')) {
      await refused('setWebhook', { url: 'https://a.example', secret_token: 'a b' }, /unallowed characters/)
      await refused('setWebhook', { url: 'https://a.example', secret_token: 'a'.repeat(257) }, /256|too long|unallowed/)
    } else await refused(method, above(), words)
  })

  test('limits of getUpdates, one poller at a time, and none beside a webhook', async () => {
    await refused('getUpdates', { limit: 101 }, /1-100|between 1 and 100/)
    await call('getUpdates', { offset: 2_000_000_000, timeout: 0 })
    const first = call('getUpdates', { timeout: 30 })
    await expect.poll(() => telegram.isPolled).toBe(true)
    expect(await call('getUpdates', { timeout: 0 })).toMatchObject({ ok: true })
    expect(await first).toMatchObject({
      error_code: 409,
      description: expect.stringMatching(/terminated by other getUpdates/) as string,
    })
    await call('setWebhook', { url: 'https://a.example/x' })
    expect(await call('getUpdates', {})).toMatchObject({
      error_code: 409,
      description: expect.stringMatching(/webhook is active/) as string,
    })
    await call('deleteWebhook', {})
    expect(telegram.takeViolations()).toHaveLength(2)
  })

  test('an edit that changes nothing, of nothing, or of somebody else’s', async () => {
    const { result } = await call('sendMessage', post({ text: 'same' }))
    const { message_id } = result as { message_id: number }
    await refused('editMessageText', { chat_id: ann, message_id, text: 'same' }, /message is not modified/)
    await refused('editMessageText', { chat_id: ann, message_id: 999_999, text: 'y' }, /message to edit not found/)
    const theirs = telegram.say(ann, ann, 'mine')
    await refused('editMessageText', { chat_id: ann, message_id: theirs, text: 'y' }, /can't be edited/)
    await refused('editMessageText', { inline_message_id: 'nobody', text: 'y' }, /MESSAGE_ID_INVALID/)
  })

  test('a press is answered once, with 200 characters, and leads to the bot alone', async () => {
    const { result } = await call('sendMessage', post({ reply_markup: button({ callback_data: 'a' }) }))
    const place = { chat: ann, message: (result as { message_id: number }).message_id }
    const query = telegram.press(ann, place, 'a')
    await refused('answerCallbackQuery', { callback_query_id: query, text: 'x'.repeat(201) }, /200|TOO_LONG/)
    await refused('answerCallbackQuery', { callback_query_id: query, url: 'https://evil.example' }, /URL_INVALID/)
    expect(
      await call('answerCallbackQuery', { callback_query_id: query, url: `https://t.me/${telegram.username}?start=x` }),
    ).toMatchObject({ ok: true })
    await refused('answerCallbackQuery', { callback_query_id: query }, /query is too old/)
    await refused('answerCallbackQuery', { callback_query_id: '1' }, /query is too old/)
    const late = telegram.press(ann, place, 'a')
    telegram.state.limits.queryMs = -1
    await refused('answerCallbackQuery', { callback_query_id: late }, /query is too old/)
    telegram.state.limits.queryMs = 10_000
  })

  test('an inline query gets fifty results of unlike names', async () => {
    const article = (id: string) => ({ type: 'article', id, title: 't', input_message_content: { message_text: 'x' } })
    const asked = telegram.ask(ann, 'x')
    const [id = ''] = [...telegram.state.inlineQueries.keys()].slice(-1)
    const answer = (results: Json[], more: Json = {}) => ({ inline_query_id: id, results, ...more })
    await refused(
      'answerInlineQuery',
      answer(Array.from({ length: 51 }, (_, at) => article(String(at)))),
      /50|TOO_MUCH/,
    )
    await refused('answerInlineQuery', answer([article('a'), article('a')]), /RESULT_ID_DUPLICATE/)
    await refused('answerInlineQuery', answer([article('ä'.repeat(33))]), /1-64 bytes|RESULT_ID_INVALID/)
    await refused('answerInlineQuery', answer([], { next_offset: 'x'.repeat(65) }), /64 bytes|NEXT_OFFSET_INVALID/)
    await refused(
      'answerInlineQuery',
      answer([], { button: { text: 'b', start_parameter: 'a b' } }),
      /START_PARAM_INVALID/,
    )
    await refused(
      'answerInlineQuery',
      answer([], { button: { text: 'b', start_parameter: 'a'.repeat(65) } }),
      /START_PARAM_INVALID|64/,
    )
    await refused(
      'answerInlineQuery',
      answer([{ ...article('a'), reply_markup: button({ web_app: { url: 'https://a.example' } }) }]),
      /BUTTON_TYPE_INVALID/,
    )
    expect(await call('answerInlineQuery', answer([article('a')]))).toMatchObject({ ok: true })
    await asked
    await refused('answerInlineQuery', answer([article('a')]), /query is too old/)
  })

  test('nobody is written to who blocked the bot, is gone, or never began', async () => {
    const [blocked, gone, shy] = [
      telegram.addUser('B'),
      telegram.addUser('G'),
      telegram.addUser('S', { started: false }),
    ]
    telegram.block(blocked)
    telegram.deactivate(gone)
    await refused('sendMessage', post({ chat_id: blocked }), /bot was blocked by the user/, 403)
    await refused('sendMessage', post({ chat_id: gone }), /user is deactivated/, 403)
    await refused('sendMessage', post({ chat_id: shy }), /can't initiate conversation/, 403)
    const left = telegram.addChat('Left', [ann])
    telegram.kick(left, ann)
    await refused('sendMessage', post({ chat_id: left }), /bot was kicked/, 403)
    const quiet = telegram.addChat('Quiet', [ann])
    telegram.silence(quiet)
    await refused('sendMessage', post({ chat_id: quiet }), /not enough rights/)
    await refused('sendMessage', post({ chat_id: 1 }), /chat not found/)
    const small = telegram.addChat('Small', [ann], { type: 'group' })
    const moved = telegram.migrate(small)
    const said = await call('sendMessage', post({ chat_id: small }))
    expect(said).toMatchObject({ error_code: 400, parameters: { migrate_to_chat_id: moved } })
    telegram.takeViolations()
  })

  test('a wrong token, and a method that is not', async () => {
    const response = await fetch(`${telegram.url}/bot1:x/getMe`)
    expect(response.status).toBe(401)
    expect(telegram.takeViolations()).toHaveLength(1)
    await refused('sendTelepathy', {}, /Not Found/, 404)
  })
})

describe.skipIf(!hasShared)('what stands in Telegram’s own document is refused by it', () => {
  const poll = (question: string, options: number) => ({
    chat_id: ann,
    question,
    options: Array.from({ length: options }, (_, at) => ({ text: `${at}` })),
  })
  const photo = (caption: string) => ({ type: 'photo', media: 'https://a.example/a.png', caption })
  test.each<[string, string, () => Json, RegExp]>([
    ['a field that is none', 'sendMessage', () => post({ colour: 'red' }), /unknown field colour/],
    ['a caption above 1024', 'sendPhoto', () => ({ chat_id: ann, photo: 'x', caption: 'x'.repeat(1_025) }), /1024/],
    ['a question above 300', 'sendPoll', () => poll('x'.repeat(301), 2), /300/],
    ['a poll of thirteen options', 'sendPoll', () => poll('x', 13), /1-12|12/],
    ['an option above 100', 'sendPoll', () => ({ ...poll('x', 1), options: [{ text: 'x'.repeat(101) }] }), /100/],
    ['an album of one', 'sendMediaGroup', () => ({ chat_id: ann, media: [photo('x')] }), /2-10/],
    [
      'an album of eleven',
      'sendMediaGroup',
      () => ({ chat_id: ann, media: Array.from({ length: 11 }, () => photo('x')) }),
      /2-10/,
    ],
    ['a topic’s name above 128', 'createForumTopic', () => ({ chat_id: group, name: 'x'.repeat(129) }), /128/],
    [
      'a text to copy above 256',
      'sendMessage',
      () => post({ reply_markup: button({ copy_text: { text: 'x'.repeat(257) } }) }),
      /256/,
    ],
  ])('%s', async (_name, method, params, words) => {
    await refused(method, params(), words)
  })
})

test('flood: so much in a chat, so much in all, and a call during the wait is a breach', async () => {
  const strict = await TelegramEmulator.start({ limits: { chatBurst: 3, perSecond: 5 } })
  const [one, two, three] = [strict.addUser('One'), strict.addUser('Two'), strict.addUser('Three')]
  for (let count = 0; count < 3; count += 1)
    expect(await call('sendMessage', { chat_id: one, text: 'x' }, strict)).toMatchObject({ ok: true })
  expect(await call('sendMessage', { chat_id: one, text: 'x' }, strict)).toMatchObject({
    error_code: 429,
    parameters: { retry_after: 1 },
  })
  for (const chat of [two, three])
    expect(await call('sendMessage', { chat_id: chat, text: 'x' }, strict)).toMatchObject({ ok: true })
  expect(await call('sendMessage', { chat_id: two, text: 'x' }, strict)).toMatchObject({ error_code: 429 })
  strict.takeViolations()
  strict.fault({ type: 'flood', seconds: 30, method: 'sendMessage' })
  const early = async () => {
    expect(await call('sendMessage', { chat_id: two, text: 'x' }, strict)).toMatchObject({ error_code: 429 })
    return strict.takeViolations().join()
  }
  await expect.poll(early).toContain('called during the wait')
  await strict.stop()
})

test('flood: twenty a minute in a group', async () => {
  const strict = await TelegramEmulator.start({ limits: { chatBurst: 100, groupPerMinute: 20, perSecond: 100 } })
  const chat = strict.addChat('Group', [strict.addUser('Ann')])
  for (let count = 0; count < 20; count += 1) await call('sendMessage', { chat_id: chat, text: 'x' }, strict)
  const said = await call('sendMessage', { chat_id: chat, text: 'x' }, strict)
  expect(said.error_code).toBe(429)
  expect(said.parameters?.['retry_after']).toBeGreaterThan(30)
  await strict.stop()
})

test('launch data and login data are signed as Telegram signs them', () => {
  // The vector of Telegram's own documentation for Mini Apps, as libraries hold it.
  const token = '5768337691:AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8'
  const fields = {
    query_id: 'AAHdF6IQAAAAAN0XohDhrOrc',
    user: '{"id":279058397,"first_name":"Vladislav","last_name":"Kibenko","username":"vdkfrost","language_code":"ru","is_premium":true}',
    auth_date: '1662771648',
  }
  expect(new URLSearchParams(signInitData(token, fields)).get('hash')).toBe(
    'c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2',
  )
  expect(signLogin(token, { id: '1', auth_date: '1' })['hash']).toMatch(/^[0-9a-f]{64}$/)
})

function many(count: number): Json[] {
  return Array.from({ length: count }, (_, at) => ({ command: `c${at}`, description: 'x' }))
}
