import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createInbox, RetryableError, type App, type CallHappening, type Inbox } from '../../../core/index.ts'
import { whileBusy } from '../../support/busy.ts'
import { caller, channel, linkWorld, type LinkWorld } from '../../support/linking.ts'

let world: LinkWorld
let app: App
beforeAll(async () => {
  world = await linkWorld()
  app = world.app
})
afterAll(() => world.stop())

const open: Inbox[] = []
afterEach(async () => {
  for (const inbox of open.splice(0)) await inbox.stop()
})

let number = 0
const call = (line: string, user = 'ines'): CallHappening => ({
  key: `test/${number++}`,
  type: 'call',
  call: { caller: caller(user), channel, line },
  reply: { token: 'secret-of-the-answer' },
})

function inboxOf(options: Partial<Parameters<typeof createInbox>[1]> = {}) {
  const answers: { key: string; words: string; reply: unknown }[] = []
  const inbox = createInbox(app, {
    platform: 'test',
    answer: async ({ key, reply }, { view }) => void answers.push({ key, words: JSON.stringify(view), reply }),
    ...options,
  })
  open.push(inbox)
  return { inbox, answers }
}

const rowOf = (key: string) =>
  app.ctx.db.selectFrom('inbox').selectAll().where('key', '=', key).executeTakeFirstOrThrow()
/** As if the process that took it had died a while ago. */
const abandon = (key: string) =>
  app.ctx.db
    .updateTable('inbox')
    .set({ leased_until: new Date(app.ctx.now() - 1) })
    .where('key', '=', key)
    .execute()

const ticketsOf = (user: string) => app.ctx.db.selectFrom('ticket').select('hash').where('user_id', '=', user).execute()

describe('what a platform tells', () => {
  test('is stored before it is worked on, and leaves nothing of itself when it is done', async () => {
    const { inbox, answers } = inboxOf()
    const asked = call('whoami')
    expect(await inbox.take(asked)).toBe('new')
    expect((await rowOf(asked.key)).event).toEqual(asked)
    await inbox.work(asked)
    expect(answers).toMatchObject([{ key: asked.key, reply: asked.reply }])
    expect(await rowOf(asked.key)).toMatchObject({ event: {}, leased_until: null, done_at: expect.any(Date) as Date })
  })

  test('is recognised when it comes again, also at the same moment and in another process', async () => {
    const { inbox } = inboxOf()
    const other = inboxOf().inbox
    const asked = call('help')
    const outcomes = await Promise.all([inbox.take(asked), inbox.take(asked), other.take(asked), other.take(asked)])
    expect(outcomes.toSorted()).toEqual(['new', 'seen', 'seen', 'seen'])
    expect(await inbox.take(asked)).toBe('seen')
  })

  test('is taken in large numbers at once', async () => {
    const { inbox, answers } = inboxOf()
    const many = Array.from({ length: 500 }, () => call('frobnicate'))
    expect(new Set(await Promise.all(many.map((asked) => inbox.take(asked))))).toEqual(new Set(['new']))
    await Promise.all(many.map((asked) => inbox.work(asked)))
    expect(new Set(answers.map(({ key }) => key)).size).toBe(500)
  })

  test('is answered after a crash between the acknowledgement and the answer', async () => {
    const first = inboxOf()
    const asked = call('whoami')
    await first.inbox.take(asked)
    await abandon(asked.key)
    const second = inboxOf()
    second.inbox.start()
    await vi.waitFor(() => expect(second.answers).toMatchObject([{ key: asked.key, reply: asked.reply }]))
    expect(first.answers).toEqual([])
  })

  test('is left to whoever is at it', async () => {
    const { inbox } = inboxOf()
    const [held, left] = [call('whoami'), call('whoami')]
    await inbox.take(held)
    await inbox.take(left)
    await abandon(left.key)
    const second = inboxOf()
    second.inbox.start()
    await vi.waitFor(() => expect(second.answers).toHaveLength(1))
    expect(second.answers[0]?.key).toBe(left.key)
    await inbox.work(held)
  })

  test('is not run again by the process that is still at it, however long it takes', async () => {
    let letGo: () => void = () => undefined
    const held = new Promise<void>((resolve) => (letGo = resolve))
    let told = 0
    const { inbox } = inboxOf({
      async answer() {
        told += 1
        await held
      },
    })
    const asked = call('link', 'slow')
    await inbox.take(asked)
    const done = inbox.work(asked)
    await vi.waitFor(() => expect(told).toBe(1))
    await abandon(asked.key)
    inbox.start()
    await vi.waitFor(async () =>
      expect((await rowOf(asked.key)).leased_until!.getTime()).toBeGreaterThan(app.ctx.now()),
    )
    letGo()
    await done
    expect(told).toBe(1)
    expect(await ticketsOf('slow')).toHaveLength(1)
  })

  test('is told again and not run again, when nobody knows whether the answer arrived', async () => {
    const { inbox } = inboxOf({
      answer: async () => {
        throw new RetryableError('502', { maybeDone: true })
      },
    })
    const asked = call('link', 'twice')
    await inbox.take(asked)
    await inbox.work(asked)
    await abandon(asked.key)
    const second = inboxOf()
    second.inbox.start()
    await vi.waitFor(() =>
      expect(second.answers).toMatchObject([{ words: expect.stringContaining('Link a wallet') as string }]),
    )
    expect(await ticketsOf('twice')).toHaveLength(1)
  })

  test('is let go when nobody waits for the answer any more', async () => {
    const { inbox } = inboxOf()
    const old = call('whoami')
    await inbox.take(old)
    await app.ctx.db
      .updateTable('inbox')
      .set({ received_at: new Date(Date.now() - 3_600_000), leased_until: new Date(0) } as never)
      .where('key', '=', old.key)
      .execute()
    const second = inboxOf()
    second.inbox.start()
    await vi.waitFor(async () => expect((await rowOf(old.key)).done_at).not.toBeNull())
    expect(second.answers).toEqual([])
  })

  test('is run once, and its answer waits as long as the platform asks', async () => {
    let tries = 0
    const { inbox } = inboxOf({
      answer: async () => {
        tries += 1
        if (tries < 3) throw new RetryableError('wait', { afterMs: 5 })
      },
    })
    const asked = call('link', 'patient')
    await inbox.take(asked)
    await inbox.work(asked)
    expect(tries).toBe(3)
    expect((await rowOf(asked.key)).done_at).not.toBeNull()
    expect(
      await app.ctx.db.selectFrom('ticket').select('hash').where('user_id', '=', 'patient').execute(),
    ).toHaveLength(1)
  })

  test('is put off, not lost, when the platform does not answer', async () => {
    let tries = 0
    const { inbox } = inboxOf({
      answer: async () => {
        tries += 1
        if (tries === 1) throw new RetryableError('no answer', { maybeDone: true })
      },
    })
    const asked = call('help')
    await inbox.take(asked)
    await inbox.work(asked)
    expect((await rowOf(asked.key)).done_at).toBeNull()
    await abandon(asked.key)
    inbox.start()
    await vi.waitFor(async () => expect((await rowOf(asked.key)).done_at).not.toBeNull())
    expect(tries).toBe(2)
  })

  test('asks who may manage only for commands of managers', async () => {
    const asked: string[] = []
    const { inbox, answers } = inboxOf({
      isManager: async ({ line }) => {
        asked.push(line)
        return true
      },
    })
    for (const line of ['help', 'unwatch nothing-here', 'frobnicate', 'vote "']) {
      const happening = call(line)
      await inbox.take(happening)
      await inbox.work(happening)
    }
    expect(asked).toEqual(['unwatch nothing-here'])
    expect(answers[1]?.words).not.toContain('Only people who may manage')
  })

  test('is refused within a second, and nothing is kept, while the database does not answer', async () => {
    const { inbox } = inboxOf()
    const asked = call('help')
    expect(await whileBusy(app.ctx, () => inbox.take(asked))).toBe('busy')
    // It comes again at once, and must not be taken for what was given up.
    expect(await inbox.take(asked)).toBe('new')
    expect(await app.ctx.db.selectFrom('inbox').select('key').where('key', '=', asked.key).execute()).toHaveLength(1)
    const other = call('help')
    expect(await whileBusy(app.ctx, () => inbox.take(other))).toBe('busy')
    await inbox.take(call('help'))
    expect(await app.ctx.db.selectFrom('inbox').select('key').where('key', '=', other.key).execute()).toEqual([])
  })

  test('holds no null characters that the database would refuse', async () => {
    const { inbox, answers } = inboxOf()
    const asked = call('ask \0 what \ud800')
    expect(await inbox.take(asked)).toBe('new')
    await inbox.work(asked)
    expect(answers).toHaveLength(1)
  })
})
