import { z } from 'zod'

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/)
const amount = z.string().regex(/^\d+(\.\d{1,18})?$/)
const autoId = z.string().regex(/^\d{1,9}$/)

const holderSchema = z.object({ address, amount })

/** Everything that makes a DAO of the framework, as a person chooses it: seconds, percents, and whole tokens as decimals. */
export const planSchema = z.object({
  name: z.string(),
  preset: z.string(),
  votes: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('token'), address }),
    z.object({ kind: z.literal('new'), symbol: z.string(), holders: z.array(holderSchema), max: amount.optional() }),
    z.object({ kind: z.literal('club'), founders: z.array(autoId) }),
  ]),
  /** Who may join a club: everybody with an Auto ID, or those whom an organisation scores high enough. */
  entry: z.object({ attestor: autoId.optional(), minScore: z.number().optional(), agents: z.boolean() }),
  votingDelay: z.number(),
  votingPeriod: z.number(),
  lateExtension: z.number(),
  timelock: z.number(),
  threshold: amount,
  quorum: z.number(),
  changeOfMind: z.boolean(),
  guardian: address.optional(),
  weights: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('linear') }),
    z.object({ kind: z.literal('root') }),
    z.object({ kind: z.literal('capped'), percent: z.number() }),
  ]),
  agents: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('equal') }),
    z.object({ kind: z.literal('forbidden') }),
    z.object({ kind: z.literal('advisory') }),
    z.object({ kind: z.literal('capped'), percent: z.number() }),
  ]),
  score: z.object({ attestor: autoId, least: z.number() }).optional(),
  ai: z.array(z.enum(['summary', 'arguments', 'answers', 'drafts'])),
})
export type DaoPlan = z.output<typeof planSchema>

/** The AI features that a DAO may declare, in words. */
export const aiFeatures: Record<DaoPlan['ai'][number], string> = {
  summary: 'Summaries of proposals, each sentence with its source',
  arguments: 'Arguments for and against, from the discussion',
  answers: 'Answers to questions about a proposal',
  drafts: 'Drafts of proposals from a discussion',
}
