import { UserError } from '../errors.ts'
import type { Person } from '../identity/person.ts'

/** The person of a command whose access is `linked`. */
export function linked(person: Person | undefined): Person {
  if (!person) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link', code: 'not-linked' })
  return person
}
