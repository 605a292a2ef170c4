import type { Config } from '../config.ts'
import { readDeployment } from './deployment.ts'
import { UserError } from '../errors.ts'
import { readRelayerKey } from './relayer-key.ts'

/** Looks into the files that settings name, for `parseConfig`: their faults belong in the same message. */
export function fileFaults(config: Partial<Config>): string[] {
  const faults: string[] = []
  const look = (name: string, read: () => void): void => {
    try {
      read()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      faults.push(`${name}: ${error.message} ${error.hint ?? ''}`.trim())
    }
  }
  const { CONTRACTS_FILE, RELAYER_KEY_FILE, CHAIN_ID } = config
  if (CONTRACTS_FILE)
    look('CONTRACTS_FILE', () => {
      const { chainId, contracts } = readDeployment(CONTRACTS_FILE)
      if (!contracts.autoIds || !contracts.multicall)
        throw new UserError(`${CONTRACTS_FILE} is unfinished.`, { hint: 'Run npm run deploy again: it goes on.' })
      if (CHAIN_ID !== undefined && chainId !== CHAIN_ID)
        throw new UserError(`${CONTRACTS_FILE} is of chain ${chainId}, but CHAIN_ID is ${CHAIN_ID}.`)
    })
  if (RELAYER_KEY_FILE) look('RELAYER_KEY_FILE', () => readRelayerKey(RELAYER_KEY_FILE))
  return faults
}
