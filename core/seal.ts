import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { UserError } from './errors.ts'

const algorithm = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

/** Encrypts a secret for the database (AES-256-GCM). `about` names whose it is: elsewhere it cannot be opened. */
export function seal(key: string | undefined, secret: string, about: string): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv(algorithm, keyOf(key), iv).setAAD(Buffer.from(about))
  const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
}

/** Throws UserError when it was sealed with another key, for somebody else, or was altered. */
export function unseal(key: string | undefined, sealed: string, about: string): string {
  const data = Buffer.from(sealed, 'base64url')
  try {
    const decipher = createDecipheriv(algorithm, keyOf(key), data.subarray(0, ivBytes))
      .setAAD(Buffer.from(about))
      .setAuthTag(data.subarray(ivBytes, ivBytes + tagBytes))
    return Buffer.concat([decipher.update(data.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8')
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new UserError('A stored token cannot be read with this SECRETS_KEY.', {
      hint: 'Set the key that it was stored with, or install AutoCo there again.',
      code: 'config',
    })
  }
}

function keyOf(key: string | undefined): Buffer {
  if (key === undefined)
    throw new UserError('SECRETS_KEY is not set.', { hint: 'Make one with: openssl rand -hex 32', code: 'config' })
  return Buffer.from(key, 'hex')
}
