import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { DraftRow } from '../db/tables/ballots.ts'
import { UserError } from '../errors.ts'
import { proposalById, type Proposal } from '../governance/proposal.ts'
import type { Support } from '../voting/support.ts'
import type { Person } from '../command.ts'
import { findPerson } from '../identity/person.ts'
import { privateChannel, type Caller } from '../platform.ts'

const draftMinutes = 60

/** How a wallet would vote, as it was shown to it. */
export type Offer = { form: 'seat' | 'sig'; seat: number | null; nonce: string }

const offersSchema = z.record(
  z.string(),
  z.object({ form: z.enum(['seat', 'sig']), seat: z.number().nullable(), nonce: z.string() }),
)

export type Draft = {
  hash: string
  proposal: Proposal
  support: Support
  reason: string
  person: Person
  platform: string
  channel: string
  offers: Record<string, Offer>
  /** Unix seconds. */
  expiresAt: number
  ballotId: string | undefined
}

/** Keeps what somebody wants to vote, under a secret that goes into the page's address. */
export async function writeDraft(
  ctx: Context,
  params: { caller: Caller; proposalId: string; support: Support; reason: string },
): Promise<{ secret: string; expiresAt: number }> {
  const secret = randomBytes(16).toString('base64url')
  const expiresAt = Math.floor(ctx.now() / 1000) + draftMinutes * 60
  const { platform, workspace, user } = params.caller
  await ctx.db
    .insertInto('draft')
    .values({
      hash: hashOf(secret),
      proposal_id: params.proposalId,
      support: params.support,
      reason: params.reason,
      platform,
      workspace,
      user_id: user,
      // The private conversation with the voter, because a choice is nobody else's business.
      channel: privateChannel(params.caller).id,
      expires_at: new Date(expiresAt * 1000),
      ballot_id: null,
    })
    .execute()
  return { secret, expiresAt }
}

/** The draft of this page, with the person it was made for as they are linked now. */
export async function readDraft(ctx: Context, params: { draft: string }): Promise<Draft> {
  const row = await ctx.db.selectFrom('draft').selectAll().where('hash', '=', hashOf(params.draft)).executeTakeFirst()
  if (!row) throw new UserError('There is no such ballot page.', { hint: '/proposals', code: 'unknown' })
  const proposal = await proposalById(ctx, row.proposal_id)
  if (row.ballot_id === null && row.expires_at.getTime() <= ctx.now())
    throw new UserError('This ballot page has expired.', { hint: `/vote ${proposal.ref} <choice>`, code: 'expired' })
  return draftOf(row, proposal, await personOf(ctx, row))
}

/** Remembers what a wallet was shown, so that its signature is held against exactly that. */
export async function writeOffer(
  ctx: Pick<Context, 'db'>,
  params: { hash: string; address: string; offer: Offer },
): Promise<void> {
  await ctx.db
    .updateTable('draft')
    .set((eb) => ({
      offers: eb.fn('jsonb_set', ['offers', eb.val([params.address]), eb.val(JSON.stringify(params.offer))]),
    }))
    .where('hash', '=', params.hash)
    .execute()
}

async function personOf(ctx: Context, row: DraftRow): Promise<Person> {
  const person = await findPerson(ctx, { platform: row.platform, workspace: row.workspace, user: row.user_id })
  if (!person)
    throw new UserError('The chat account that asked for this ballot is not linked any more.', {
      hint: '/link',
      code: 'not-linked',
    })
  return person
}

const draftOf = (row: DraftRow, proposal: Proposal, person: Person): Draft => ({
  hash: row.hash,
  proposal,
  support: row.support as Support,
  reason: row.reason,
  person,
  platform: row.platform,
  channel: row.channel,
  offers: offersSchema.parse(row.offers),
  expiresAt: Math.floor(row.expires_at.getTime() / 1000),
  ballotId: row.ballot_id ?? undefined,
})

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
