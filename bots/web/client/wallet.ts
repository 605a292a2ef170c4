/** Wallets of this browser: EIP-6963 discovery, EIP-1193 calls, and the playground's test wallets, which look the same. */

export type Provider = { request(call: { method: string; params?: unknown }): Promise<unknown> }
export type Wallet = {
  id: string
  name: string
  icon?: string
  provider: Provider
  test?: { address: string; person: string }
}
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

export async function connect(wallet: Wallet): Promise<Connected> {
  const accounts = (await wallet.provider.request({ method: 'eth_requestAccounts' })) as string[]
  const address = accounts[0]
  if (!address) throw new Error('The wallet offered no account.')
  const chainId = Number(await wallet.provider.request({ method: 'eth_chainId' }))
  return { wallet, address, chainId }
}

/** Signs words (EIP-191). */
export async function personalSign({ wallet, address }: Connected, message: string): Promise<string> {
  const hex = '0x' + [...new TextEncoder().encode(message)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return (await wallet.provider.request({ method: 'personal_sign', params: [hex, address] })) as string
}

/** Signs typed data (EIP-712), on the chain that its domain names: wallets refuse any other. */
export async function signTypedData(
  connected: Connected,
  typedData: { domain?: { chainId?: unknown } },
): Promise<string> {
  const { wallet, address, chainId } = connected
  const wanted = Number(typedData.domain?.chainId ?? chainId)
  if (wanted !== chainId) {
    await wallet.provider.request({
      method: 'wallet_switchEthereumChain',
      params: [{ chainId: `0x${wanted.toString(16)}` }],
    })
  }
  const params = [address, JSON.stringify(typedData)]
  return (await wallet.provider.request({ method: 'eth_signTypedData_v4', params })) as string
}

/** What went wrong in words that a person can act on: wallets answer with codes of EIP-1193. */
export function walletProblem(error: unknown): string {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: unknown
    message?: unknown
  }
  if (code === 4001) return 'You declined in your wallet. Nothing was signed.'
  if (code === 4100)
    return 'The wallet does not allow this page to use that account. Open the wallet and connect it first.'
  if (code === 4902) return 'Your wallet does not know this chain yet. Add it in the wallet, then try again.'
  if (code === -32002) return 'Your wallet is already asking you something. Open it and answer there.'
  return typeof message === 'string' && message !== ''
    ? message.slice(0, 300)
    : 'The wallet did not answer. Open it and try again.'
}

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
