import { byId, el } from './dom.ts'
import { discoverWallets, type Wallet } from './wallet.ts'

/** A playground may hold thousands of test wallets; nobody looks through them here. */
const most = 12

/**
 * Fills `#wallets` with a button a wallet, lowest rank first and without those that have none, and hides `#no-wallets`
 * once there is one.
 */
export function offerWallets(
  rank: (wallet: Wallet) => number | undefined,
  choose: (wallet: Wallet, button: HTMLButtonElement) => void,
): void {
  discoverWallets((wallets) => {
    const ranked = wallets.flatMap((wallet) => {
      const place = rank(wallet)
      return place === undefined ? [] : [{ wallet, place }]
    })
    const shown = ranked.sort((a, b) => a.place - b.place).slice(0, most)
    const items = shown.map(({ wallet }) => buttonOf(wallet, choose))
    byId('wallets').replaceChildren(...items)
    byId('no-wallets').hidden = items.length > 0
  })
}

function buttonOf(wallet: Wallet, choose: (wallet: Wallet, button: HTMLButtonElement) => void): HTMLElement {
  const button = el('button', { type: 'button' }, picture(wallet), words(wallet))
  button.addEventListener('click', () => choose(wallet, button))
  return el('li', {}, button)
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
