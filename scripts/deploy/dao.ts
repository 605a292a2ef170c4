import fs from 'node:fs'
import { getAddress, parseUnits, type Address } from 'viem'
import { z } from 'zod'
import { UserError } from '../../core/errors.ts'
import type { AutoDaoParams } from '../../bots/world/deploy.ts'

const hour = 3_600
const month = 30 * 86_400
const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'is not an address')
  .transform((word): Address => getAddress(word.toLowerCase()))
const tokens = z
  .string()
  .regex(/^\d+(\.\d{1,18})?$/, 'is not an amount of whole tokens such as "1000" or "0.5"')
  .transform((amount) => parseUnits(amount, 18))
const seconds = (least: number) => z.number().int().min(least).max(month)

/** The same bounds as the factory's, in words before a transaction is paid for. */
const daoSchema = z
  .strictObject({
    name: z.string().min(1).max(64),
    token: z.union([
      z.strictObject({ address }),
      z.strictObject({
        name: z.string().min(1).max(64),
        symbol: z.string().min(1).max(16),
        holders: z
          .array(z.strictObject({ address, amount: tokens }))
          .min(1)
          .max(200),
      }),
    ]),
    votingDelay: seconds(0).default(86_400),
    votingPeriod: seconds(hour).default(5 * 86_400),
    proposalThreshold: tokens.default(0n),
    quorumPercent: z.number().int().min(1).max(50).default(4),
    lateQuorumExtension: seconds(0).default(86_400),
    /** 0 only for a DAO that holds nothing. */
    timelockDelay: z.union([z.literal(0), seconds(hour)]).default(2 * 86_400),
    changeOfMind: z.boolean().default(false),
    guardian: address.optional(),
  })
  .refine((dao) => dao.lateQuorumExtension <= dao.votingPeriod, {
    path: ['lateQuorumExtension'],
    message: 'is longer than votingPeriod',
  })

/** Reads what `--dao` names; a fault is named by its place in the file. */
export function readDaoFile(file: string): AutoDaoParams {
  let json: unknown
  try {
    json = JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new UserError(`${file} cannot be read as JSON.`, { cause })
  }
  const parsed = daoSchema.safeParse(json)
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || 'the file'}: ${issue.message}`)
    throw new UserError(`${file} does not describe a DAO:\n${faults.join('\n')}`, {
      hint: 'README.md, “Running it for a real DAO”, shows an example.',
    })
  }
  const { token, quorumPercent, timelockDelay, guardian, ...rest } = parsed.data
  return {
    ...rest,
    quorumPercent: BigInt(quorumPercent),
    timelockDelay: BigInt(timelockDelay),
    ...(guardian ? { guardian } : {}),
    token:
      'address' in token
        ? token
        : {
            name: token.name,
            symbol: token.symbol,
            holders: token.holders.map((holder) => holder.address),
            amounts: token.holders.map((holder) => holder.amount),
          },
  }
}
