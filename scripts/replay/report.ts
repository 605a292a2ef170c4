import { formatEther } from 'viem'
import type { Replay } from './replay.ts'
import type { Sums } from './shares.ts'

/** What `--json` ends with; the other keys of a row are for people. */
export function figuresOf(replay: Replay): Record<string, unknown> {
  const { rows, batches, ballots, gas, notExpressed, seconds } = replay
  return {
    proposals: rows.length,
    claimsShown: sum(rows.map((row) => row.shown)),
    claimsDropped: sum(rows.map((row) => row.dropped)),
    ballots,
    batches,
    gasPerBallot: ballots === 0 ? 0 : Math.round(Number(gas) / ballots),
    tallyEqual: rows.length > 0 && rows.every((row) => row.equal),
    unequal: rows.filter((row) => !row.equal).map((row) => row.ref),
    notExpressed,
    seconds,
  }
}

/** A line for each proposal, then one for all. */
export function tableOf(replay: Replay): string {
  const rows = replay.rows.map((row) => [
    row.ref,
    row.title.replaceAll(/\s+/g, ' ').slice(0, 44),
    String(row.shown),
    String(row.dropped),
    `${row.counted}/${row.ballots}`,
    tallyWords(row.tally),
    row.equal ? 'equal' : `NOT EQUAL, expected ${tallyWords(row.expected)}`,
  ])
  const figures = figuresOf(replay)
  const totals = [
    ['Proposals', figures.proposals],
    ['Claims shown', figures.claimsShown],
    ['Claims dropped', figures.claimsDropped],
    ['Ballots', figures.ballots],
    ['Batches', figures.batches],
    ['Gas per ballot', figures.gasPerBallot],
    ['Tally equal', figures.tallyEqual ? 'yes, all' : `no: ${(figures.unequal as string[]).join(', ')}`],
  ]
  const left = replay.notExpressed.map(({ source, title, reason }) => `  ${source}  ${title.slice(0, 60)}: ${reason}`)
  return [
    ...columns([['Ref', 'Title', 'Claims', 'Dropped', 'Ballots', 'For / against / abstain', 'Tally'], ...rows]),
    '',
    ...columns(totals.map((row) => row.map(String))),
    ...(left.length > 0 ? ['', 'Cannot be put to this vote:', ...left] : []),
  ].join('\n')
}

function columns(rows: readonly string[][]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

const tallyWords = ([against, inFavour, abstain]: Sums): string =>
  [inFavour, against, abstain].map((weight) => Number(formatEther(weight)).toLocaleString('en')).join(' / ')

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
