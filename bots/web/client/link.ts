import { ApiError, post, wordsOf } from './api.ts'
import { byId, say } from './dom.ts'
import { launchData } from './launch.ts'
import {
  connectOn,
  discoverWallets,
  personalSign,
  signTypedData,
  walletProblem,
  type Connected,
  type Wallet,
} from './wallet.ts'
import { offerWallets } from './wallet-choice.ts'

type Opened = {
  account: { platform: string; workspace: string; user: string; name: string }
  expiresAt: number
  step: 'connect' | 'code' | 'linked'
  proof: 'login' | 'proved' | 'code'
  origin: string
  chain: { id: number; name: string }
}
type Proved = {
  /** Without it all is done: the account was proved by its platform. */
  code?: string
  autoId?: { wallet: string; id?: string }
  registration?: { typedData: { domain?: { chainId?: unknown } } }
}

const api = `/api/link/${location.pathname.split('/').pop() ?? ''}`
const pollMs = 2_000
const status = byId('status')

void start()

async function start(): Promise<void> {
  const launch = launchData()
  // To open a link is to bind it to this browser: not before it is clear that there is something to sign with here.
  if (launch !== undefined && !(await hasWallet())) return sendOutside()
  const opened = await attempt(() => open(launch))
  if (!opened) {
    byId('whose').textContent = 'This link cannot be used here.'
    return
  }
  const { platform, user, name } = opened.account
  byId('whose').textContent =
    `For the ${platform} account ${name === user ? user : `${name} (${user})`}. Is that not you? Then close this page.`
  if (opened.step === 'linked') return finish()
  if (opened.origin !== location.origin) {
    say(status, `Open this page at ${opened.origin}: a wallet signs for that address only.`, 'warn')
    return
  }
  byId('choose').hidden = false
  if (opened.proof === 'login') offerLogin(platform)
  if (opened.step === 'code') {
    say(status, 'A wallet has signed already: type its code in your chat, or sign again for a new code.')
    waitForCode()
  }
  const own = platform === 'playground' ? user : undefined
  offerWallets(
    ({ test }) => (test === undefined ? 1 : test.person === own ? 0 : 2),
    (wallet, button) => void sign(opened, wallet, button),
  )
}

async function open(launch: string | undefined): Promise<Opened> {
  const opened = await post<Opened>(`${api}/open`)
  if (launch === undefined || opened.proof === 'proved' || opened.step === 'linked') return opened
  await post(`${api}/launch`, { data: launch })
  return { ...opened, proof: 'proved' }
}

function offerLogin(platform: string): void {
  const name = platform.charAt(0).toUpperCase() + platform.slice(1)
  byId('prove').hidden = false
  byId('prove-words').textContent = `${name} asks you to let AutoCo see your account.`
  const button = byId<HTMLButtonElement>('log-in')
  button.textContent = `Log in with ${name}`
  button.onclick = () =>
    void busy(button, async () => {
      const { url } = await post<{ url: string }>(`${api}/login`)
      // Only this tab needs to find the way back; the server knows no ticket, just its hash.
      sessionStorage.setItem('ticket', location.pathname.split('/').pop() ?? '')
      location.assign(url)
    })
}

/** A chat's own browser is opened without a wallet most of the time; wallets say so within a moment where there are any. */
async function hasWallet(): Promise<boolean> {
  let found = false
  discoverWallets((wallets) => (found ||= wallets.some(({ test }) => test === undefined)))
  for (let tries = 0; tries < 10 && !found; tries += 1) await new Promise((resolve) => setTimeout(resolve, 50))
  return found
}

function sendOutside(): void {
  byId('whose').textContent = 'Your link is ready.'
  byId('elsewhere').hidden = false
  byId<HTMLAnchorElement>('outside').href = location.pathname
}

async function sign({ chain }: Opened, wallet: Wallet, button: HTMLButtonElement): Promise<void> {
  await busy(button, async () => {
    say(status, 'Your wallet asks you to sign. Open it if it does not show.')
    const connected = await connectOn(chain, wallet)
    const { message } = await post<{ message: string }>(`${api}/message`, {
      address: connected.address,
      chainId: connected.chainId,
    })
    byId('message').textContent = message
    const signature = await personalSign(connected, message)
    showCode(await post<Proved>(`${api}/signature`, { signature }), connected)
  })
}

function showCode({ code, autoId, registration }: Proved, connected: Connected): void {
  byId('prove').hidden = true
  byId('register').hidden = registration === undefined
  const button = byId<HTMLButtonElement>('sign-registration')
  button.disabled = false
  button.onclick = () => void (registration && register(registration, connected, button))
  if (code === undefined) {
    finish()
    return say(status, `Signed and linked.${idWords(autoId, connected)}`, 'good')
  }
  byId('digits').textContent = `${code.slice(0, 3)} ${code.slice(3)}`
  byId('line').textContent = `/link ${code}`
  byId('code').hidden = false
  byId('choose').hidden = true
  say(status, `Signed. Your code is ${code.split('').join(' ')}.${idWords(autoId, connected)}`, 'good')
  byId('code').focus()
  waitForCode()
}

async function register(
  { typedData }: NonNullable<Proved['registration']>,
  connected: Connected,
  button: HTMLButtonElement,
): Promise<void> {
  await busy(button, async () => {
    const signature = await signTypedData(connected, typedData)
    await post(`${api}/registration`, { signature })
    const next = byId('done').hidden ? 'It is sent as soon as your code is typed.' : 'It is on its way to the chain.'
    say(status, `The registration is signed. ${next}`, 'good')
    byId('register').hidden = true
    byId('next').textContent = 'You can close this page.'
  })
}

function idWords(autoId: Proved['autoId'], connected: Connected): string {
  if (!autoId) return ''
  if (!autoId.id) return ' Your Auto ID is being registered.'
  if (autoId.wallet.toLowerCase() === connected.address.toLowerCase()) return ` This wallet has Auto ID ${autoId.id}.`
  return ` You have Auto ID ${autoId.id} with the wallet ${autoId.wallet}. To add the weight of this one, delegate it there: /power shows how.`
}

let waiting = false

/** The chat tells the server, the server tells us. */
function waitForCode(): void {
  if (waiting) return
  waiting = true
  const timer = setInterval(() => void look(), pollMs)
  const look = async (): Promise<void> => {
    try {
      const { step } = await post<Opened>(`${api}/open`)
      if (step !== 'linked') return
      finish()
    } catch (error) {
      if (!(error instanceof ApiError) || error.code === 'offline' || error.code === 'busy') return
      say(status, wordsOf(error), 'bad')
    }
    waiting = false
    clearInterval(timer)
  }
}

function finish(): void {
  byId('prove').hidden = true
  byId('choose').hidden = true
  byId('code').hidden = true
  byId('done').hidden = false
  const isOpen = !byId('register').hidden
  byId('next').textContent = isOpen
    ? 'One thing is left below: sign the registration to get your Auto ID.'
    : 'You can close this page.'
  say(status, '')
  byId('done').focus()
}

async function busy(button: HTMLButtonElement, work: () => Promise<void>): Promise<void> {
  button.setAttribute('aria-busy', 'true')
  button.disabled = true
  await attempt(work)
  button.removeAttribute('aria-busy')
  button.disabled = false
}

async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    say(status, error instanceof ApiError ? wordsOf(error) : walletProblem(error), 'bad')
    return undefined
  }
}
