import type { BrowserContext } from 'playwright-core'
import { hexToString, type Hex, type LocalAccount } from 'viem'

/** How the wallet behaves; a test may change it while the page is open. */
export type WalletMood = {
  accounts: readonly LocalAccount[]
  chainId: number
  /** `declines` every signature, or every change of chain. */
  declines?: 'signature' | 'chain' | undefined
  knows: readonly number[]
}

type Call = { method: string; params?: unknown }

/** Announces an EIP-6963 wallet in every page of this browser; what it signs with stays on the test's side. */
export async function injectWallet(context: BrowserContext, mood: WalletMood): Promise<void> {
  await context.exposeFunction('askTestWallet', async (call: Call) => {
    try {
      return { result: await answer(mood, call) }
    } catch (error) {
      const { code = -32_603, message } = error as { code?: number; message: string }
      return { error: { code, message } }
    }
  })
  await context.addInitScript(() => {
    const { askTestWallet } = globalThis as unknown as { askTestWallet: (call: unknown) => Promise<Answer> }
    type Answer = { result?: unknown; error?: { code: number; message: string } }
    const provider = {
      async request(call: unknown) {
        const { result, error } = await askTestWallet(call)
        if (error) throw Object.assign(new Error(error.message), { code: error.code })
        return result
      },
    }
    const icon = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><circle r="9" cx="9" cy="9"/></svg>'
    const info = { uuid: '350670db-19fa-4704-a166-e52e178b59d2', name: 'Fox Wallet', icon, rdns: 'org.example.fox' }
    const announce = () =>
      dispatchEvent(
        new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info: Object.freeze(info), provider }) }),
      )
    addEventListener('eip6963:requestProvider', announce)
    announce()
  })
}

async function answer(mood: WalletMood, { method, params }: Call): Promise<unknown> {
  const [first, second] = (params ?? []) as [string | { chainId: string }, string]
  switch (method) {
    case 'eth_requestAccounts':
    case 'eth_accounts':
      return mood.accounts.map(({ address }) => address)
    case 'eth_chainId':
      return `0x${mood.chainId.toString(16)}`
    case 'wallet_switchEthereumChain': {
      const wanted = Number((first as { chainId: string }).chainId)
      if (mood.declines === 'chain') throw refusal(4001, 'User rejected the request.')
      if (!mood.knows.includes(wanted)) throw refusal(4902, 'Unrecognized chain ID.')
      mood.chainId = wanted
      return null
    }
    case 'personal_sign':
      return await signer(mood, second).signMessage({ message: hexToString(first as Hex) })
    case 'eth_signTypedData_v4':
      return await signTypedData(signer(mood, first as string), second)
    default:
      throw refusal(4200, `The wallet does not know ${method}.`)
  }
}

function signer(mood: WalletMood, address: string): LocalAccount {
  if (mood.declines === 'signature') throw refusal(4001, 'User rejected the request.')
  const found = mood.accounts.find((account) => account.address === address)
  if (!found) throw refusal(4100, 'Not authorized.')
  return found
}

function signTypedData(account: LocalAccount, json: string): Promise<Hex> {
  const { types, ...data } = JSON.parse(json) as { types: Record<string, unknown> }
  const { EIP712Domain: _, ...others } = types
  return account.signTypedData({ ...data, types: others } as unknown as Parameters<LocalAccount['signTypedData']>[0])
}

const refusal = (code: number, message: string): Error => Object.assign(new Error(message), { code })
