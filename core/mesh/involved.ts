import type { ChallengeRecord } from './record.ts'

/** An account that has a part in a challenge, and the position of the step from which on it has. */
export type Involved = { account: string; from: number }

type Step = { args: Record<string, unknown>; position: number }

/** Whose DAOs are involved: who made it, who funds it, who plans, bids, works and reviews. The steps are in their order. */
export function involvedIn(
  { creator, daos }: Pick<ChallengeRecord, 'creator' | 'daos'>,
  steps: readonly Step[],
): Involved[] {
  const found = new Map<string, number>()
  const add = (address: unknown, position: number): void => {
    for (const account of accountsOf(daos, String(address).toLowerCase()))
      if (!found.has(account)) found.set(account, position)
  }
  add(creator, 0)
  for (const { args, position } of steps) {
    for (const name of ['sponsor', 'author', 'objector', 'reviewer'])
      if (args[name] !== undefined) add(args[name], position)
    const dao = daos.find(({ number }) => number === Number(args['dao'] ?? 0))
    if (dao) add(dao.account, position)
  }
  return [...found].map(([account, from]) => ({ account, from }))
}

/** What an executive does, its DAO does. */
const accountsOf = (daos: ChallengeRecord['daos'], address: string): string[] => [
  address,
  ...daos.filter(({ executive }) => executive === address).map(({ account }) => account),
]
