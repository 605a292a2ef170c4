/**
 * What the chat platform signed about who opened this page: it comes in the address's fragment, which no server sees, and
 * is kept for the pages that this one leads to.
 */
export function launchData(): string | undefined {
  const fresh = new URLSearchParams(location.hash.slice(1)).get('tgWebAppData') ?? undefined
  try {
    if (fresh !== undefined) sessionStorage.setItem('launch', fresh)
    return fresh ?? sessionStorage.getItem('launch') ?? undefined
  } catch {
    // Where a browser keeps nothing for us, the fragment is all there is.
    return fresh
  }
}
