import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drain } from '../../core/chat/lane.ts'
import { showCard } from '../../core/chat/outbox.ts'
import {
  GoneError,
  RetryableError,
  type Channel,
  type Context,
  type MessageRef,
  type Platform,
  type View,
} from '../../core/index.ts'
import { text } from '../../core/view.ts'
import { gallery } from './gallery.ts'

/** One message as somebody sees it on the platform. */
export type Shown = {
  id: string
  /** The message it hangs under, in the platform's own terms. */
  thread?: string | undefined
  /** What one reads, without markup. */
  words: string
  links: string[]
  buttons: string[]
  /** Whatever in the payload would act by itself: markup of a stranger, a mention, a preview, a script. */
  active: string[]
}

/** A platform under test, driven from outside as its people would. */
export type Platformed = {
  platform: Platform
  ctx: Context
  /** A new channel that AutoCo is in. */
  channel(): Promise<Channel>
  /** The private conversation with somebody. */
  privateChannel(user: string): Promise<Channel>
  /** Two people who are in every channel and may manage it. */
  people: readonly [string, string]
  /** What `as` sees there, oldest first. */
  shown(channel: Channel, as: string): Promise<Shown[]>
  /** Somebody types a command or presses its button; `event` is what the platform calls this event, whenever it comes again. */
  type(params: { user: string; channel: Channel; line: string; event: string }): Promise<{ form?: string[] }>
  removeChannel(channel: Channel): Promise<void>
  removeMessage(message: MessageRef): Promise<void>
  /** What the network and the platform do to the next message; the playground has neither. */
  faults?: {
    /** The platform answers that it is unwell, and does nothing. */
    fail(channel: Channel): void
    /** The message is posted, and the connection breaks before the answer. */
    cut(channel: Channel): void
    /** The platform asks to wait so many seconds. */
    wait(channel: Channel, seconds: number): void
    /** AutoCo may no longer write there, or the person wants no messages. */
    close(channel: Channel): void
    /** AutoCo is taken out of the channel, or the channel is deleted, and the platform says so. */
    leave(channel: Channel): unknown
    /** One that was perhaps posted already can be found again. */
    finds: boolean
  }
  /** Somebody whom AutoCo may not write to yet, and who then asks for something. */
  silentPerson?: () => Promise<{ id: string; ask(): Promise<unknown> }>
  stop(): Promise<void>
}

/** What every platform owes core, tried on the real adapter. */
export function platformContract(
  name: string,
  create: () => Promise<Platformed>,
  { hasFaults = true }: { hasFaults?: boolean } = {},
): void {
  describe(`${name} keeps the contract of a platform`, () => {
    let it: Platformed
    let key = 0
    const nextKey = (): string => `contract/${key++}`
    beforeAll(async () => {
      it = await create()
    })
    afterAll(() => it.stop())

    /** As the outbox does it: a platform may ask to wait. */
    const send = async (
      channel: Channel,
      view: View,
      options: { key?: string; under?: MessageRef; maybeSent?: boolean } = {},
    ): Promise<MessageRef> => {
      const sending = { key: nextKey(), ...options }
      for (;;) {
        try {
          return await it.platform.send(channel, view, sending)
        } catch (error) {
          if (!(error instanceof RetryableError) || error.afterMs === undefined) throw error
          await wait(error.afterMs)
        }
      }
    }

    test('sends a message with title, words, links and buttons', async () => {
      const channel = await it.channel()
      await send(channel, gallery['proposal']!)
      const [message, ...others] = await it.shown(channel, it.people[0])
      expect(others).toEqual([])
      expect(message?.words).toContain('Fund the audit of the bridge')
      expect(message?.words).toMatch(/62,400 NOMIC/)
      expect(message?.links).toContain('https://vote.example.org/p/nomic-3')
      expect(message?.buttons).toEqual(expect.arrayContaining(['vote nomic-3 for', 'vote nomic-3 against']))
    })

    test('sends one message for one key, however often it is asked', async () => {
      const channel = await it.channel()
      const options = { key: nextKey() }
      const first = await send(channel, { body: [text('once')] }, options)
      const again = await send(channel, { body: [text('once')] }, { ...options, maybeSent: true })
      expect(again).toEqual(first)
      expect(await it.shown(channel, it.people[0])).toHaveLength(1)
    })

    test('edits a message in place', async () => {
      const channel = await it.channel()
      const first = await send(channel, { body: [text('signed')] })
      await send(channel, { body: [text('below')] })
      await it.platform.edit(first, { body: [text('counted')] })
      const words = (await it.shown(channel, it.people[0])).map((message) => message.words)
      expect(words).toEqual([expect.stringContaining('counted'), expect.stringContaining('below')])
      expect(words[0]).not.toContain('signed')
    })

    test('hangs a message under another one', async () => {
      const channel = await it.channel()
      const card = await send(channel, { body: [text('card')] })
      const reply = await send(channel, { body: [text('reply')] }, { under: card })
      await send(channel, { body: [text('reply to the reply')] }, { under: reply })
      const messages = await it.shown(channel, it.people[0])
      const threadOf = (words: string) => messages.find((message) => message.words.includes(words))?.thread
      expect(threadOf('card')).toBeUndefined()
      expect(threadOf('reply')).toBeDefined()
      expect(threadOf('reply to the reply')).toBe(threadOf('reply'))
    })

    test.each(Object.keys(gallery))('shows the card “%s” with nothing in it that acts', async (card) => {
      const channel = await it.channel()
      await send(channel, gallery[card]!)
      const [message] = await it.shown(channel, it.people[0])
      expect(message?.active).toEqual([])
      for (const link of message?.links ?? []) expect(link).toMatch(/^https?:\/\//)
    })

    test('cuts what is too long, and links to the whole', async () => {
      const channel = await it.channel()
      const message = await send(channel, gallery['huge']!)
      await it.platform.edit(message, gallery['huge']!)
      const [shown] = await it.shown(channel, it.people[0])
      expect(shown?.words.length).toBeLessThan(60_000)
      expect(shown?.words.length).toBeGreaterThan(500)
      expect(shown?.links).toContain('https://vote.example.org/p/huge-1')
      expect(shown?.buttons).toContain('proposal nomic-0')
    })

    test('says when the channel or the message is gone for good', async () => {
      const [kept, removed] = [await it.channel(), await it.channel()]
      const message = await send(kept, { body: [text('here')] })
      await it.removeMessage(message)
      await expect(it.platform.edit(message, { body: [text('there')] })).rejects.toMatchObject({ what: 'message' })
      await it.removeChannel(removed)
      const sent = send(removed, { body: [text('nowhere')] })
      await expect(sent).rejects.toBeInstanceOf(GoneError)
      await expect(sent).rejects.toMatchObject({ what: 'channel' })
    })

    test('shows a private conversation to its person alone', async () => {
      const [one, other] = it.people
      const channel = await it.privateChannel(one)
      await send(channel, { body: [text('for one pair of eyes')] })
      const seen = async (user: string) => JSON.stringify(await it.shown(channel, user).catch(() => []))
      expect(await seen(one)).toContain('for one pair of eyes')
      expect(await seen(other)).not.toContain('for one pair of eyes')
    })

    test('shows a private answer to its caller alone', async () => {
      const [one, other] = it.people
      const channel = await it.channel()
      await it.type({ user: one, channel, line: 'link', event: nextKey() })
      expect(JSON.stringify(await it.shown(channel, one))).toContain('Link a wallet')
      expect(await it.shown(channel, other)).toEqual([])
    })

    test('shows an answer that is meant for everyone to everyone', async () => {
      const [one, other] = it.people
      const channel = await it.channel()
      const slug = await watchedDao(it.ctx, channel)
      await it.type({ user: one, channel, line: `unwatch ${slug}`, event: nextKey() })
      for (const user of [one, other]) expect(JSON.stringify(await it.shown(channel, user))).toContain('Contract DAO')
    })

    test('answers a line that makes no sense, to its caller alone', async () => {
      const [one, other] = it.people
      const channel = await it.channel()
      await it.type({ user: one, channel, line: 'frobnicate', event: nextKey() })
      expect(JSON.stringify(await it.shown(channel, one))).toContain('There is no command /frobnicate.')
      expect(await it.shown(channel, other)).toEqual([])
    })

    test('asks for the words that are missing', async () => {
      const [one] = it.people
      const channel = await it.channel()
      const { form } = await it.type({ user: one, channel, line: 'vote', event: nextKey() })
      expect(form).toEqual(['proposal', 'choice', 'reason'])
      expect(await it.type({ user: one, channel, line: 'help', event: nextKey() })).toEqual({})
    })

    test('runs an event once, however often it is delivered', async () => {
      const [one] = it.people
      const channel = await it.channel()
      const tickets = () =>
        it.ctx.db
          .selectFrom('ticket')
          .select('hash')
          .where('user_id', '=', one)
          .execute()
          .then((rows) => rows.length)
      const before = await tickets()
      const event = { user: one, channel, line: 'link', event: nextKey() }
      await Promise.all([it.type(event), it.type(event), it.type(event)])
      await it.type(event)
      expect(await tickets()).toBe(before + 1)
      const answers = (await it.shown(channel, one)).filter(({ words }) => words.includes('Link a wallet'))
      expect(answers).toHaveLength(1)
    })

    if (hasFaults) faultContract(() => it, nextKey)
  })
}

/** What goes wrong on the way, tried with the lane that delivers. */
function faultContract(the: () => Platformed, nextKey: () => string): void {
  const show = async (channel: Channel, words: string, under?: string): Promise<string> => {
    const { ctx } = the()
    const key = nextKey()
    const at = { key, platform: channel.platform, channel: channel.id, view: { title: 'Card', body: [text(words)] } }
    await ctx.db.transaction().execute((trx) => showCard(trx, ctx.queue, { ...at, ...(under ? { under } : {}) }))
    return key
  }
  const stateOf = async (key: string): Promise<string> => {
    const row = await the().ctx.db.selectFrom('effect').select('state').where('key', '=', key).executeTakeFirst()
    return row?.state ?? 'none'
  }
  const until = (key: string, state: string) =>
    expect
      .poll(
        async () => {
          await drain(the().ctx, the().platform)
          return await stateOf(key)
        },
        { timeout: 15_000, interval: 100 },
      )
      .toBe(state)
  const words = async (channel: Channel) => (await the().shown(channel, the().people[0])).map((each) => each.words)

  test('posts once what the platform was too unwell to take', async () => {
    const channel = await the().channel()
    the().faults!.fail(channel)
    await until(await show(channel, 'after a fault'), 'sent')
    expect(await words(channel)).toEqual([expect.stringContaining('after a fault')])
  })

  test('posts nothing twice when the answer is lost, or says that it may be twice', async () => {
    const channel = await the().channel()
    the().faults!.cut(channel)
    await until(await show(channel, 'was it posted'), 'sent')
    const shown = await words(channel)
    if (the().faults!.finds) expect(shown).toEqual([expect.stringContaining('was it posted')])
    else expect(shown.slice(1)).toEqual([expect.stringMatching(/was it posted[\s\S]*repeated after a fault/)])
  })

  test('says what it should by now, also in a message that was perhaps sent before', async () => {
    const channel = await the().channel()
    the().faults!.cut(channel)
    const key = await show(channel, 'the first words')
    await until(key, 'sending')
    const { ctx } = the()
    const newer = {
      key,
      platform: channel.platform,
      channel: channel.id,
      view: { title: 'Card', body: [text('the newer words')] },
    }
    await ctx.db.transaction().execute((trx) => showCard(trx, ctx.queue, newer))
    await until(key, 'sent')
    expect((await words(channel)).at(-1)).toContain('the newer words')
  })

  test('posts nothing private twice when the answer is lost', async () => {
    const channel = await the().privateChannel(the().people[1])
    const own = async () =>
      (await the().shown(channel, the().people[1])).filter((each) => each.words.includes('secret'))
    const first = await show(channel, 'secret one')
    await until(first, 'sent')
    the().faults!.cut(channel)
    await until(await show(channel, 'secret two'), the().faults!.finds ? 'sent' : 'gone')
    expect(await own()).toHaveLength(2)
  })

  test('waits as long as the platform asks, and nobody else waits along', async () => {
    const [held, free] = [await the().channel(), await the().channel()]
    the().faults!.wait(held, 2)
    const [late, soon] = [await show(held, 'later'), await show(free, 'at once')]
    await until(soon, 'sent')
    expect(await stateOf(late)).not.toBe('sent')
    await until(late, 'sent')
    expect(await words(held)).toEqual([expect.stringContaining('later')])
  })

  test('retires a channel that it may no longer write to, and tells who set it up, once', async () => {
    const [channel, admin] = [await the().channel(), await the().privateChannel(the().people[0])]
    const { ctx } = the()
    await watchedDao(ctx, channel, admin.id)
    the().faults!.close(channel)
    await until(await show(channel, 'closed'), 'gone')
    expect(
      await ctx.db.selectFrom('subscription').select('dao_id').where('channel', '=', channel.id).execute(),
    ).toEqual([])
    const told = async () => {
      await drain(ctx, the().platform)
      return (await the().shown(admin, the().people[0])).filter((each) => each.words.includes('Contract DAO'))
    }
    await expect.poll(told, { timeout: 15_000 }).toHaveLength(1)
    await until(await show(channel, 'still closed'), 'gone')
    expect(await told()).toHaveLength(1)
  })

  test('tells who could not be reached as soon as they ask for something', async () => {
    const { ctx, silentPerson } = the()
    const [channel, someone] = [await the().channel(), await silentPerson!()]
    await watchedDao(ctx, channel, `@${someone.id}`)
    the().faults!.close(channel)
    await until(await show(channel, 'closed'), 'gone')
    const notice = async () => {
      await drain(ctx, the().platform)
      const rows = await ctx.db.selectFrom('effect').select('state').where('channel', '=', `@${someone.id}`).execute()
      return rows.map(({ state }) => state)
    }
    await expect.poll(notice, { timeout: 10_000 }).toEqual(['gone'])
    await someone.ask()
    await expect.poll(notice, { timeout: 10_000 }).toEqual(['sent'])
  })

  test('retires a channel as soon as the platform says that it is gone', async () => {
    const { ctx, faults } = the()
    const [channel, admin] = [await the().channel(), await the().privateChannel(the().people[0])]
    await watchedDao(ctx, channel, admin.id)
    await faults!.leave(channel)
    const watched = () => ctx.db.selectFrom('subscription').select('dao_id').where('channel', '=', channel.id).execute()
    await expect.poll(watched, { timeout: 10_000 }).toEqual([])
  })

  test('gives up on a person who wants no messages', async () => {
    const channel = await the().privateChannel(the().people[1])
    the().faults!.close(channel)
    await until(await show(channel, 'unwanted'), 'gone')
  })
}

async function watchedDao(ctx: Context, channel: Channel, by = 'test'): Promise<string> {
  const dao = await ctx.db
    .insertInto('dao')
    .values({
      slug: `contract${Math.floor(Math.random() * 1e4)}`,
      name: 'Contract DAO',
      chain_id: ctx.chain.id,
      address: `0x${Math.floor(Math.random() * 1e12)
        .toString(16)
        .padStart(40, '0')}`,
      kind: 'autodao',
      token: null,
      timelock: null,
      clock: 'timestamp',
      domain_name: 'Contract DAO',
      domain_version: '1',
      probe: '{}',
      from_block: '0',
    })
    .returning(['id', 'slug'])
    .executeTakeFirstOrThrow()
  const row = { dao_id: dao.id, platform: channel.platform, channel: channel.id, created_by: by }
  await ctx.db.insertInto('subscription').values(row).execute()
  return dao.slug
}
