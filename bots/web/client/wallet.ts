/** Wallets of this browser: EIP-6963 discovery, EIP-1193 calls, and the playground's test wallets, which look the same. */

export type Provider = { request(call: { method: string; params?: unknown }): Promise<unknown> }
export type Wallet = {
  id: string
  name: string
  icon?: string
  provider: Provider
  test?: { address: string; person: string }
}
export type Chain = { id: number; name: string }
export type Connected = { wallet: Wallet; address: string; chainId: number }

/** Calls `onChange` with the wallets known so far, at once and whenever another one announces itself. */
export function discoverWallets(onChange: (wallets: Wallet[]) => void): void {
  const found = new Map<string, Wallet>()
  const add = (wallet: Wallet): void => {
    found.set(wallet.id, wallet)
    onChange([...found.values()])
  }
  addEventListener('eip6963:announceProvider', (event) => {
    const detail: unknown = (event as CustomEvent).detail
    if (isAnnouncement(detail))
      add({ id: detail.info.uuid, name: detail.info.name, provider: detail.provider, ...iconOf(detail.info.icon) })
  })
  dispatchEvent(new Event('eip6963:requestProvider'))
  void testWallets().then((wallets) => wallets.forEach(add))
  onChange([...found.values()])
}

/** What went wrong with a wallet, in a sentence of its own. */
export class WalletError extends Error {}

/**
 * Asks for the wallet's account, on this chain: wallets refuse to sign for another one. With `wanted`, that account or
 * none, however many the wallet offers.
 */
export async function connectOn(chain: Chain, wallet: Wallet, wanted?: string): Promise<Connected> {
  const accounts = (await wallet.provider.request({ method: 'eth_requestAccounts' })) as string[]
  const [first] = accounts
  if (!first) throw new WalletError('Your wallet offered no account. Unlock it and try again.')
  const address = wanted === undefined ? first : accounts.find((account) => isSame(account, wanted))
  if (address === undefined)
    throw new WalletError(
      `Your wallet is on the account ${short(first)}, and this needs ${short(wanted ?? '')}. Change the account in your wallet and try again.`,
    )
  await moveTo(chain, wallet)
  return { wallet, address, chainId: chain.id }
}

async function moveTo(chain: Chain, wallet: Wallet): Promise<void> {
  const current = async (): Promise<number> => Number(await wallet.provider.request({ method: 'eth_chainId' }))
  if ((await current()) === chain.id) return
  const params = [{ chainId: `0x${chain.id.toString(16)}` }]
  await wallet.provider.request({ method: 'wallet_switchEthereumChain', params }).catch((error: unknown) => {
    if (codeOf(error) === 4902)
      throw new WalletError(
        `Your wallet does not know ${chain.name} (chain ${chain.id}) yet. Add that chain in the wallet, then try again.`,
      )
    throw wrongChain(chain)
  })
  if ((await current()) !== chain.id) throw wrongChain(chain)
}

const wrongChain = ({ id, name }: Chain): WalletError =>
  new WalletError(
    `Your wallet is on another chain. Switch it to ${name} (chain ${id}) and try again. Nothing was signed.`,
  )

/** Signs words (EIP-191). */
export async function personalSign({ wallet, address }: Connected, message: string): Promise<string> {
  const hex = '0x' + [...new TextEncoder().encode(message)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return (await wallet.provider.request({ method: 'personal_sign', params: [hex, address] })) as string
}

/** Signs typed data (EIP-712) for the chain that the wallet was moved to. */
export async function signTypedData({ wallet, address }: Connected, typedData: object): Promise<string> {
  const params = [address, JSON.stringify(typedData)]
  return (await wallet.provider.request({ method: 'eth_signTypedData_v4', params })) as string
}

export type Transaction = { from: string; to: string; data: string; value: string }

/** Has the wallet send a transaction; answers with its hash as soon as it is on its way. */
export async function sendTransaction({ wallet }: Connected, transaction: Transaction): Promise<string> {
  return (await wallet.provider.request({ method: 'eth_sendTransaction', params: [transaction] })) as string
}

/** What went wrong in words that a person can act on: wallets answer with codes of EIP-1193. */
export function walletProblem(error: unknown): string {
  if (error instanceof WalletError) return error.message
  const said = sentences[codeOf(error) ?? 0]
  if (said !== undefined) return said
  const { message } = (typeof error === 'object' && error !== null ? error : {}) as { message?: unknown }
  return typeof message === 'string' && message !== ''
    ? `Your wallet said: ${message.slice(0, 300)}`
    : 'The wallet did not answer. Open it and try again.'
}

const sentences: Record<number, string> = {
  4001: 'You declined in your wallet. Nothing was signed.',
  4100: 'The wallet does not allow this page to use that account. Open the wallet and connect it first.',
  4900: 'Your wallet is not connected to any chain. Open it and try again.',
  [-32002]: 'Your wallet is already asking you something. Open it and answer there.',
}

function codeOf(error: unknown): number | undefined {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'number' ? code : undefined
}

export const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
export const short = (address: string): string => `${address.slice(0, 6)}…${address.slice(-4)}`

type Announcement = { info: { uuid: string; name: string; icon?: unknown }; provider: Provider }

function isAnnouncement(detail: unknown): detail is Announcement {
  const { info, provider } = (detail ?? {}) as Partial<Announcement>
  return typeof info?.uuid === 'string' && typeof info.name === 'string' && typeof provider?.request === 'function'
}

// EIP-6963: an icon is a data URI of an image; anything else could be a beacon to a stranger.
const iconOf = (icon: unknown): { icon?: string } =>
  typeof icon === 'string' && /^data:image\/(svg\+xml|png|jpeg|webp)[;,]/.test(icon) ? { icon } : {}

/** The playground's own wallets sign on the server, with keys that hold nothing but play money; elsewhere the list is empty. */
async function testWallets(): Promise<Wallet[]> {
  const response = await fetch('/api/play/wallets').catch(() => undefined)
  if (!response?.ok) return []
  const { chainId, wallets } = (await response.json()) as {
    chainId: number
    wallets: { person: string; name: string; address: string }[]
  }
  return wallets.map(({ person, name, address }) => ({
    id: `test:${person}`,
    name: `Test wallet of ${name}`,
    provider: testProvider(address, chainId),
    test: { address, person },
  }))
}

function testProvider(address: string, chainId: number): Provider {
  const answers: Record<string, (params: unknown) => unknown> = {
    eth_requestAccounts: () => [address],
    eth_accounts: () => [address],
    eth_chainId: () => `0x${chainId.toString(16)}`,
    wallet_switchEthereumChain: () => {
      throw Object.assign(new Error('This test wallet knows only the playground’s chain.'), { code: 4902 })
    },
    personal_sign: (params) => sign(address, 'personal_sign', (params as string[])[0]),
    eth_signTypedData_v4: (params) => sign(address, 'eth_signTypedData_v4', (params as string[])[1]),
    eth_sendTransaction: (params) => sign(address, 'eth_sendTransaction', JSON.stringify((params as unknown[])[0])),
  }
  return {
    async request({ method, params }) {
      const answer = answers[method]
      if (!answer) throw Object.assign(new Error(`The test wallet does not know ${method}.`), { code: 4200 })
      return answer(params)
    },
  }
}

async function sign(address: string, method: string, payload: string | undefined): Promise<string> {
  const response = await fetch('/api/play/sign', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ address, method, payload }),
  })
  const answer = (await response.json()) as { signature?: string; error?: { message: string } }
  if (!answer.signature) throw new Error(answer.error?.message ?? 'The test wallet could not sign.')
  return answer.signature
}
