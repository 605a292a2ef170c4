import { capped, changed, noReputation, reputationAt, type Entry } from './reputation.ts'
import { terms } from './terms.ts'

/** What the Global DAO remembers, as `GlobalDao.sol` keeps it. */
export type Mesh = {
  daos: Map<number, MeshDao>
  /** Domain → the domain above it, undefined at the top. */
  parents: Map<string, string | undefined>
  reputation: Map<string, Entry>
  distrust: Map<string, bigint>
}

export type MeshDao = {
  account: string
  /** Declared domains with points of interest. */
  interest: Map<string, bigint>
  openTasks: number
  settledTasks: number
}

const fullFit = 1000n
const everybody = 0

export function createMesh(parents: Iterable<readonly [string, string | undefined]>): Mesh {
  return { daos: new Map(), parents: new Map(parents), reputation: new Map(), distrust: new Map() }
}

export function joinMesh(mesh: Mesh, account: string, interest: Iterable<readonly [string, number]>): number {
  const dao = mesh.daos.size + 1
  const points = new Map([...interest].map(([domain, points]) => [domain, BigInt(points)] as const))
  mesh.daos.set(dao, { account, interest: points, openTasks: 0, settledTasks: 0 })
  return dao
}

export function daoOf(mesh: Mesh, dao: number): MeshDao {
  const found = mesh.daos.get(dao)
  if (!found) throw new Error(`No DAO ${dao} in the mesh`)
  return found
}

export function reputationOf(mesh: Mesh, dao: number, domain: string, now: bigint): bigint {
  return reputationAt(mesh.reputation.get(key(dao, domain)) ?? noReputation, now)
}

/** What share of the domain's reputation a DAO holds, in basis points. */
export function shareOf(mesh: Mesh, dao: number, domain: string, now: bigint): bigint {
  const total = reputationOf(mesh, everybody, domain, now)
  if (total === 0n) return 0n
  return min((reputationOf(mesh, dao, domain, now) * terms.full) / total, terms.full)
}

export function standingOf(mesh: Mesh, reviewer: string): bigint {
  return terms.full - (mesh.distrust.get(reviewer) ?? 0n)
}

/** How near the declared domains are and the interest there: the domain itself 1,000, each parent half. */
export function fitOf(mesh: Mesh, dao: number, domain: string): { fit: bigint; interest: bigint } {
  const { interest } = daoOf(mesh, dao)
  let fit = fullFit
  for (let at: string | undefined = domain; at !== undefined; at = mesh.parents.get(at), fit /= 2n) {
    const points = interest.get(at) ?? 0n
    if (points > 0n) return { fit, interest: points }
  }
  return { fit: 0n, interest: 0n }
}

/** `fit × (α·reputation + β·√stake + γ·interest)`; the stake in millionths of a unit. */
export function worthOf(mesh: Mesh, dao: number, domain: string, stake: bigint, isSmall: boolean, now: bigint): bigint {
  const { openTasks, settledTasks } = daoOf(mesh, dao)
  const { fit, interest } = fitOf(mesh, dao, domain)
  const earned = reputationOf(mesh, dao, domain, now)
  const isNew = openTasks === 0 && settledTasks === 0
  const reputation = isSmall && isNew && earned < terms.newcomer ? terms.newcomer : earned
  return fit * (terms.alpha * reputation + terms.beta * sqrt(stake) + terms.gamma * interest)
}

/** Moves reputation in a domain, and half as much in each parent. */
export function moveReputation(mesh: Mesh, dao: number, domain: string, change: bigint, now: bigint): void {
  const isGain = change > 0n
  let points = capped(isGain ? change : -change)
  for (let at: string | undefined = domain; at !== undefined && points > 0n; at = mesh.parents.get(at), points /= 2n) {
    const moved = isGain ? points : -min(points, reputationOf(mesh, dao, at, now))
    for (const who of [everybody, dao]) {
      const entry = mesh.reputation.get(key(who, at)) ?? noReputation
      mesh.reputation.set(key(who, at), changed(entry, moved, now))
    }
  }
}

/** What the curator may do while a domain is young: say that a DAO knows it, so that there is somebody to rate. */
export function vouchFor(mesh: Mesh, dao: number, domain: string, now: bigint): boolean {
  if (reputationOf(mesh, everybody, domain, now) >= terms.young) return false
  moveReputation(mesh, dao, domain, terms.vouched, now)
  return true
}

/** Far from the median costs a quarter of the standing, near it gives back a tenth of what was lost. */
export function judgeReviewer(mesh: Mesh, reviewer: string, isFair: boolean): void {
  const distrust = mesh.distrust.get(reviewer) ?? 0n
  const next = isFair ? distrust - (distrust + 9n) / 10n : distrust + (terms.full - distrust) / 4n
  mesh.distrust.set(reviewer, next)
}

export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function key(dao: number, domain: string): string {
  return `${dao} ${domain}`
}

/** The whole part of the root, by Newton's method from above. */
function sqrt(x: bigint): bigint {
  if (x < 2n) return x
  let guess = 1n << BigInt((x.toString(2).length + 1) >> 1)
  for (;;) {
    const better = (guess + x / guess) >> 1n
    if (better >= guess) return guess
    guess = better
  }
}
