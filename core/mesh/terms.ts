/** The numbers of `contracts/src/global`; a differential test holds them to the contracts. Amounts in the challenge's token. */
export const terms = {
  /** Weight of reputation, of the root of the stake, of interest, in a bid. */
  alpha: 1n,
  beta: 1n,
  gamma: 10n,
  /** What a DAO that has settled nothing counts with for one small task. */
  newcomer: 1000n,
  maxBids: 16,
  maxRounds: 3,
  stakeCap: 4n,
  /** Basis points, of what a task pays. */
  minStake: 2500n,
  objectionBond: 1000n,
  fee: 250n,
  /** Basis points, of the stake. */
  lateSlash: 2500n,
  leastSlash: 6000n,
  mostSlash: 9500n,
  /** Basis points, of the slash. */
  objectorShare: 2500n,
  /** Ratings, 0 to 100. */
  threshold: 60n,
  unrated: 75n,
  near: 25n,
  /** Basis points of weight; all sponsors have 10,000, and so have all DAOs of a domain. */
  minWeight: 100n,
  quorum: 1000n,
  /** What a DAO vouched for counts with in a domain, and how much reputation there may be in one that is young. */
  vouched: 1000n,
  young: 20_000n,
  /** Reputation for one unit paid. */
  points: 1000n,
  full: 10_000n,
} as const
