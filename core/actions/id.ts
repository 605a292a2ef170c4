import { createHash } from 'node:crypto'

/** What is kept of the secret in a page's address. */
export const actionId = (secret: string): string => createHash('sha256').update(secret).digest('hex')
