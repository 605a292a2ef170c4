/** What a page shows of the account before anything is signed: whose it is. */
export type TicketAccount = { platform: string; workspace: string; user: string; name: string }

/** A display name without what hides, reorders or controls text; at most 64 letters. It may still be anyone's name. */
export function readable(name: string): string {
  const visible = name.normalize('NFC').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
  return /^.{0,64}/su.exec(visible.replace(/\s+/g, ' ').trim())?.[0] ?? ''
}

/** A name inside a text to be signed: letters that cannot end the sentence they stand in, at most 32. */
export function signable(name: string): string {
  const plain = name.normalize('NFKC').replace(/[^A-Za-z0-9 ._'-]/g, '')
  return plain.replace(/\s+/g, ' ').trim().slice(0, 32).trim()
}

/** `Discord account 1234567890 (alice)`: the id is what counts, so it is always there. */
export function accountWords({ platform, user, name }: Pick<TicketAccount, 'platform' | 'user' | 'name'>): string {
  const id = user.replace(/[^A-Za-z0-9._:@-]/g, '_').slice(0, 64)
  const plain = signable(name)
  return `${platformLabel(platform)} account ${id}${plain && plain !== id ? ` (${plain})` : ''}`
}

export const platformLabel = (platform: string): string => platform.charAt(0).toUpperCase() + platform.slice(1)
