import fs from 'node:fs'
import { z } from 'zod'
import { UserError } from '../errors.ts'

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/)

/** What `npm run deploy` records of a chain, and `CONTRACTS_FILE` names. */
const deploymentSchema = z.object({
  chainId: z.number().int().positive(),
  name: z.string(),
  /** The contracts' sources these were made of. */
  sourceHash: z.string(),
  contracts: z
    .object({
      autoIds: address,
      multicall: address,
      charter: address,
      autoDao: address,
      autoDaoTimelock: address,
      autoDaoToken: address,
      idVotes: address,
      autoDaoFactory: address,
      nomic: address,
      chief: address,
      shutdown: address,
      pause: address,
      spellFactory: address,
      polls: address,
      challenge: address,
      globalDao: address,
    })
    .partial(),
  daos: z.array(z.object({ name: z.string(), dao: address, timelock: address, token: address })).default([]),
})
export type Deployment = z.output<typeof deploymentSchema>

export function readDeployment(file: string): Deployment {
  let text: string
  try {
    text = fs.readFileSync(file, 'utf8')
  } catch (cause) {
    throw new UserError(`${file} cannot be read.`, { hint: 'npm run deploy writes it.', cause })
  }
  try {
    return deploymentSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new UserError(`${file} is not what npm run deploy writes.`, { hint: 'Run npm run deploy again.', cause })
  }
}
