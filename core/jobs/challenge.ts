import { sql } from 'kysely'
import { withNumbers } from '../actions/json.ts'
import { showCards, type Card } from '../chat/outbox.ts'
import type { Context, Trx } from '../context.ts'
import type { ChallengeStepRow } from '../db/tables/mesh.ts'
import { tokenOf } from '../chain/token.ts'
import { challengeRecord } from '../mesh/find.ts'
import { involvedIn, type Involved } from '../mesh/involved.ts'
import { showChallenge } from '../mesh/jobs.ts'
import type { ChallengeRecord } from '../mesh/record.ts'
import { revealsOf } from '../mesh/reveals.ts'
import { toldSteps } from '../mesh/steps.ts'
import { isOver } from '../mesh/story.ts'
import { quietUntil } from '../settings/quiet.ts'
import { settingsOfAll, type ChannelSettings } from '../settings/settings.ts'
import type { View } from '../view.ts'
import { challengeCard } from '../views/challenge.ts'
import { stepView } from '../views/challenge-step.ts'
import { revealView } from '../views/reveal.ts'
import { defineJob } from '../job.ts'

const newsMs = 86_400_000

type Step = Omit<ChallengeStepRow, 'args'> & { args: Record<string, unknown> }
/** A channel, and from which step on it is concerned. */
type Place = { platform: string; id: string; created_at: Date; from: number; settings: ChannelSettings }

/**
 * Draws the card of a challenge and its steps in the channels of the Global DAO, and of every DAO that has a part in it;
 * the outbox sends only what changed.
 */
export const challengeJob = defineJob({
  ...showChallenge,
  retry: { limit: 20, delayMs: 1_000, backoff: true },
  concurrency: 2,
  expireSeconds: 60,
  async run(ctx: Context, { challengeId: id }) {
    const { token } = await ctx.db
      .selectFrom('challenge')
      .select('token')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    const unit = await tokenOf(ctx, { chain_id: ctx.chain.id, token })
    await ctx.db.transaction().execute(async (trx) => {
      // One after the other: what is read here is newer than what any earlier run has shown.
      await trx.selectFrom('challenge').select('id').where('id', '=', id).forUpdate().execute()
      const record = await challengeRecord(trx, { id, unit })
      const steps = await stepsOf(trx, id)
      const places = await placesOf(
        trx,
        record,
        involvedIn(
          record,
          steps.filter((step) => step.gone_at === null),
        ),
      )
      const shown = await shownKeys(trx, id)
      const heldUntil: number[] = []
      const drawn = {
        card: challengeCard(record),
        notes: steps.flatMap((step) => {
          const view = stepView(record, step)
          return view ? [{ step, view }] : []
        }),
      }
      const cards = places.flatMap((place) => {
        const quiet = quietUntil(place.settings, ctx.now())
        if (quiet !== undefined) heldUntil.push(quiet)
        return cardsIn(ctx, { record, drawn, place, shown, quiet })
      })
      const reveals = (await revealsOf(trx, record)).filter(({ key, isDue }) => isDue || shown.has(key))
      const reminders = reveals.map((reveal): Card => ({ ...reveal, view: revealView(record, reveal) }))
      await showCards(trx, ctx.queue, [...cards, ...reminders])
      // In quiet hours nothing new is said; they end by the clock, not by an event.
      const held = Math.min(...heldUntil)
      if (Number.isFinite(held))
        await ctx.queue.send(trx, showChallenge, { challengeId: id }, { key: id, afterMs: held - ctx.now() })
    })
  },
})

async function stepsOf(trx: Trx, id: string): Promise<Step[]> {
  const rows = await trx
    .selectFrom('challenge_step')
    .selectAll()
    .where('challenge_id', '=', id)
    .orderBy('position')
    .execute()
  return rows.map((row) => ({ ...row, args: withNumbers(row.args) as Record<string, unknown> }))
}

async function placesOf(trx: Trx, record: ChallengeRecord, involved: readonly Involved[]): Promise<Place[]> {
  const accounts = involved.map(({ account }) => account)
  const rows = await trx
    .selectFrom('subscription')
    .innerJoin('dao', 'dao.id', 'subscription.dao_id')
    .select(['subscription.platform', 'subscription.channel as id', 'subscription.created_at', 'dao.id as dao_id'])
    .select(sql<string>`lower(coalesce(dao.timelock, ''))`.as('timelock'))
    .select(sql<string>`lower(dao.address)`.as('address'))
    .where((eb) =>
      eb.or([
        eb('dao.id', '=', record.dao_id),
        eb(sql`lower(dao.timelock)`, 'in', accounts),
        eb(sql`lower(dao.address)`, 'in', accounts),
      ]),
    )
    .where('dao.chain_id', '=', record.global.chain_id)
    .orderBy('subscription.created_at')
    .execute()
  const places = new Map<string, Place>()
  for (const daoId of new Set(rows.map((row) => row.dao_id))) {
    const channels = rows.filter((row) => row.dao_id === daoId)
    const settings = await settingsOfAll({ db: trx }, { channels, daoId })
    for (const row of channels) {
      const from = daoId === record.dao_id ? 0 : since(involved, [row.timelock, row.address])
      const key = `${row.platform}/${row.id}`
      const known = places.get(key)
      if (!known || from < known.from) places.set(key, { ...row, from, settings: settings(row) })
    }
  }
  return [...places.values()]
}

const since = (involved: readonly Involved[], accounts: readonly string[]): number =>
  Math.min(...involved.filter(({ account }) => accounts.includes(account)).map(({ from }) => from))

async function shownKeys(trx: Trx, id: string): Promise<Set<string>> {
  const rows = await trx
    .selectFrom('effect')
    .select('key')
    .where((eb) =>
      eb.or([
        eb('key', 'like', `challenge/${id}/%`),
        eb('key', 'like', `challenge-step/${id}/%`),
        eb('key', 'like', `challenge-reveal/${id}/%`),
      ]),
    )
    .execute()
  return new Set(rows.map(({ key }) => key))
}

function cardsIn(
  ctx: Pick<Context, 'now'>,
  params: {
    record: ChallengeRecord
    drawn: { card: View; notes: readonly { step: Step; view: View }[] }
    place: Place
    shown: ReadonlySet<string>
    quiet: number | undefined
  },
): Card[] {
  const { record, drawn, place, shown, quiet } = params
  const { platform, id: channel, settings, created_at: since } = place
  const at = `${platform}/${channel}`
  const card = `challenge/${record.id}/${at}`
  const isNew = record.announced && !record.gone_at && settings.events.new
  const isWanted = shown.has(card) || (isNew && (!isOver(record.story) || record.created_at >= since))
  const notes = drawn.notes.flatMap(({ step, view }): Card[] => {
    const key = `challenge-step/${record.id}/${step.key}/${at}`
    if (!shown.has(key) && (quiet !== undefined || !isNews(ctx, step, place))) return []
    return [{ key, platform, channel, view, under: isWanted ? card : undefined }]
  })
  if (!isWanted) return notes
  return [{ key: card, platform, channel, view: drawn.card, notBefore: quiet }, ...notes]
}

function isNews({ now }: Pick<Context, 'now'>, step: Step, { settings, created_at: since, from }: Place): boolean {
  const setting = toldSteps[step.name]?.setting
  return (
    setting !== undefined &&
    settings.events[setting] &&
    step.announced &&
    step.gone_at === null &&
    step.position >= from &&
    step.noticed_at >= since &&
    now() - Number(step.happened_at ?? 0) * 1_000 < newsMs
  )
}
