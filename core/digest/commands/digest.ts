import { arg, defineCommand, type Arg, type Choice } from '../../command.ts'
import type { Context } from '../../context.ts'
import type { DigestRow } from '../../db/tables/digest.ts'
import { readDigest } from '../facts.ts'
import { readSchedule } from '../schedule.ts'
import { readSections, sectionNames, sections, wordsIn } from '../sections.ts'
import { digestOf, endDigest, noDigest, setDigest, snoozeDigest } from '../subscription.ts'
import { UserError } from '../../errors.ts'
import { findDao } from '../../governance/dao.ts'
import { settingsOf } from '../../settings/settings.ts'
import { specs } from '../../settings/specs.ts'
import { zones } from '../../settings/zones.ts'
import { digestEndedView, digestSetUpView, digestView } from '../views/digest.ts'
import { daoArg } from '../../args.ts'
import { refuseMissing } from '../../settings/commands/missing.ts'

const weekMs = 7 * 86_400_000
const all: Choice = { value: 'all', label: 'All that this channel watches' }

/** Offers for the last of several values that are typed with commas between them. */
const severalOf = (offer: (ctx: Context, prefix: string) => Promise<Choice[]>): NonNullable<Arg<unknown>['complete']> =>
  async function complete(ctx, typed) {
    const before = typed.slice(0, typed.lastIndexOf(',') + 1)
    const offered = await offer(ctx, typed.slice(before.length).toLowerCase())
    return offered.map(({ value, label }) => ({ value: before + value, label }))
  }

/** `/digest all all "mondays 9:00" Europe/Berlin` sets up what this channel is told, and when. */
export const digest = defineCommand({
  name: 'digest',
  description: 'Set up the digest of this channel: votes due, decided, power moved',
  args: {
    daos: {
      ...arg.word('all, or DAOs like ens,nomic'),
      kind: 'several' as const,
      complete: severalOf(async (ctx, prefix) => [
        ...(all.value.startsWith(prefix) ? [all] : []),
        ...((await daoArg('').complete?.(ctx, prefix)) ?? []),
      ]),
    },
    sections: {
      ...arg.word('all, or some of due,decided,power,tasks'),
      kind: 'several' as const,
      choices: sectionNames.map((value) => ({ value, label: sections[value] })),
      parse: (word: string) => readSections(word),
      complete: severalOf(async (_ctx, prefix) =>
        [
          { value: 'all', label: 'All of them' },
          ...sectionNames.map((value) => ({ value, label: sections[value] })),
        ].filter(({ value }) => value.startsWith(prefix)),
      ),
    },
    schedule: {
      ...arg.word('daily 9:00, weekdays 9:00, mondays 9:00, or a cron expression'),
      parse: (word: string) => ({ said: word.trim(), cron: readSchedule(word) }),
    },
    zone: {
      ...arg.word('Time zone like Europe/Berlin'),
      parse: (word: string) => specs.zone.read(word),
      complete: async (_ctx: Context, prefix: string) =>
        zones()
          .filter((name) => name.toLowerCase().includes(prefix.toLowerCase()))
          .map((name) => ({ value: name, label: name })),
    },
  },
  audience: 'caller',
  access: 'manager',
  async run(ctx, { caller, channel, args }) {
    await refuseMissing(ctx, channel)
    const words = wordsIn(args.daos)
    const daos = words.includes(all.value) ? null : await Promise.all(words.map((slug) => findDao(ctx, slug)))
    const row = await setDigest(ctx, {
      channel,
      by: caller,
      daos,
      sections: args.sections,
      ...args.schedule,
      zone: args.zone,
    })
    return setUpView(ctx, row)
  },
})

export const digestShow = defineCommand({
  name: 'digest-show',
  description: 'How the digest of this channel is set up',
  args: {},
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { channel }) {
    const row = await digestOf(ctx.db, channel)
    if (!row) throw noDigest()
    return setUpView(ctx, row)
  },
})

/** The digest as it would be now, for whoever asks; the next one tells all of it again. */
export const digestNow = defineCommand({
  name: 'digest-now',
  description: 'The digest as it would be now',
  args: {},
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { channel }) {
    const row = await digestOf(ctx.db, channel)
    const now = ctx.now()
    const since = row?.last_at ?? new Date(now - weekMs)
    const zone = row?.zone ?? (await settingsOf(ctx, { channel })).zone
    const { daos = null, sections: wanted = sectionNames } = row ?? {}
    const facts = await readDigest(ctx, { channel, daos, sections: wanted, since, until: new Date(now) })
    if (facts.daos.length === 0)
      throw new UserError('No DAO is watched in this channel.', { hint: '/watch <address of the governor>' })
    return digestView({ facts, since, zone })
  },
})

export const digestSnooze = defineCommand({
  name: 'digest-snooze',
  description: 'Leave the next digest out',
  args: {},
  audience: 'caller',
  access: 'manager',
  run: async (ctx, { caller, channel }) => setUpView(ctx, await snoozeDigest(ctx, { channel, by: caller })),
})

export const digestOff = defineCommand({
  name: 'digest-off',
  description: 'No more digests in this channel',
  args: {},
  audience: 'caller',
  access: 'manager',
  async run(ctx, { caller, channel }) {
    await endDigest(ctx, { channel, by: caller })
    return digestEndedView
  },
})

async function setUpView(ctx: Pick<Context, 'db'>, row: DigestRow) {
  const daos = await ctx.db
    .selectFrom('dao')
    .select('slug')
    .where('id', 'in', ['0', ...(row.daos ?? [])])
    .orderBy('slug')
    .execute()
  return digestSetUpView(row, daos)
}
