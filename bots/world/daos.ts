/** The two DAOs of the embedded world, in seconds and whole tokens. */
export const autoRules = {
  slug: 'auto',
  name: 'Auto DAO',
  symbol: 'AUTO',
  votingDelay: 60,
  votingPeriod: 3_600,
  timelockDelay: 3_600,
  threshold: 1_000,
  quorumPercent: 10,
} as const

/** Somebody else's: a plain OpenZeppelin Governor, whose periods may be short. */
export const harborRules = {
  slug: 'harbor',
  name: 'Harbor Workshop',
  symbol: 'HARBOR',
  votingDelay: 30,
  votingPeriod: 1_800,
  timelockDelay: 180,
  threshold: 500,
  quorumPercent: 10,
} as const

export const welcomeTokens = 1_000
export const worldChain = { id: 31_337, name: 'Embedded chain' } as const
