import { byId, el } from './dom.ts'
import { connect, discoverWallets, type Connected, type Wallet } from './wallet.ts'

/** Fills `#wallets` with a button a wallet, those of `person` first, and hides `#no-wallets` once there is one. */
export function offerWallets(
  person: string | undefined,
  choose: (wallet: Wallet, button: HTMLButtonElement) => void,
): void {
  const rank = ({ test }: Wallet): number => (test === undefined ? 1 : test.person === person ? 0 : 2)
  discoverWallets((wallets) => {
    const items = [...wallets]
      .sort((a, b) => rank(a) - rank(b))
      .map((wallet) => {
        const button = el('button', { type: 'button' }, picture(wallet), words(wallet))
        button.addEventListener('click', () => choose(wallet, button))
        return el('li', {}, button)
      })
    byId('wallets').replaceChildren(...items)
    byId('no-wallets').hidden = items.length > 0
  })
}

/** Connects, and asks the wallet to change to the chain when it is on another one. */
export async function connectOn(chainId: number, wallet: Wallet): Promise<Connected> {
  const connected = await connect(wallet)
  if (connected.chainId === chainId) return connected
  const params = [{ chainId: `0x${chainId.toString(16)}` }]
  await wallet.provider.request({ method: 'wallet_switchEthereumChain', params })
  return { ...connected, chainId }
}

const picture = ({ icon, name, test }: Wallet): HTMLElement =>
  icon
    ? el('img', { src: icon, alt: '' })
    : el('span', { class: 'face', 'aria-hidden': 'true' }, (test?.person ?? name).slice(0, 1).toUpperCase())

const words = ({ name, test }: Wallet): HTMLElement =>
  el(
    'span',
    {},
    name,
    ...(test ? [el('small', {}, `${test.address.slice(0, 6)}…${test.address.slice(-4)}, play money`)] : []),
  )
