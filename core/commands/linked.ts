import type { WalletRow } from '../db/tables/identity.ts'
import { UserError } from '../errors.ts'
import type { Person } from '../identity/person.ts'
import type { ChallengeRecord } from '../mesh/record.ts'

/** The person of a command whose access is `linked`. */
export function linked(person: Person | undefined): Person {
  if (!person) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link', code: 'not-linked' })
  return person
}

/** The wallet of a person that has put money in. */
export function sponsoring({ story, ref }: ChallengeRecord, { wallets }: Person): WalletRow {
  const found = wallets.find(({ address }) => story.sponsors.some((each) => each.address === address.toLowerCase()))
  if (found) return found
  throw new UserError('None of your wallets has put money into this challenge.', {
    hint: `A DAO that did decides as its number: /challenge ${ref}`,
    code: 'not-sponsor',
  })
}
