import { encodeFunctionData, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { autoIds } from '../../contracts/generated.ts'
import { autoDaoBox, ozBox, type Box, type Options } from './gas/boxes.ts'
import { gasOfFounding } from './gas/founding.ts'
import { chiefBox } from './gas/chief.ts'
import { layGround, measure, type Ground } from './gas/ground.ts'
import { nomicPapers, ranking, singles, tokenPapers } from './gas/papers.ts'

const sizes = [1, 10, 50, 100, 500]
const boxes = {
  oz: ozBox,
  autodao: autoDaoBox,
  nomic: (ground: Ground, options: Options) => nomicPapers(ground, options, singles(1)),
}
/** Papers by how many answers they have. */
const papers = {
  'nomic paper of 5, an answer': { open: nomicPapers, questions: singles(5) },
  'any token, an answer of 5': { open: tokenPapers, questions: singles(5) },
  'nomic, ranking of 3': { open: nomicPapers, questions: ranking(3) },
  'nomic, ranking of 5': { open: nomicPapers, questions: ranking(5) },
}
type Kind = keyof typeof boxes
type Row = Record<string, number>
type Skipped = Record<string, { gas: number; counted: number }>

const holders = 500
/** Voters beyond those: without a stake, with an Auto ID that has ended, with a seat taken after the snapshot. */
const poor = holders
const gone = holders + 1
const late = holders + 2
const one = holders - 2
const nobody = holders + 5
/** The 99 in whose batch there is a bad ballot too, of a seat next to theirs or far from all of them. */
const crowds = {
  near: Array.from({ length: 100 }, (_, i) => holders - 100 + i).filter((voter) => voter !== one),
  far: Array.from({ length: 99 }, (_, i) => i),
}
const stranger = privateKeyToAccount(`0x${'51'.repeat(32)}`)

/** Gas of a relayed vote: OpenZeppelin's Governor and ours, side by side on one chain. */
export async function run(_args: string[]): Promise<object> {
  const ground = await layGround(holders + 3)
  try {
    const once: Record<string, Row> = {}
    const moved: Partial<Record<Kind, Row>> = {}
    const skipped: Record<string, Skipped> = {}
    for (const kind of Object.keys(boxes) as Kind[]) {
      const box = await boxes[kind](ground, { checkpoints: 1, holders, seated: holders + 2, late })
      once[kind] = await gasPerVote(ground, box)
      if (kind !== 'oz') {
        skipped[kind] = await gasOfSkipped(ground, box, crowds.near)
        skipped[`${kind}, far seat`] = await gasOfSkipped(ground, box, crowds.far)
      }
      moved[kind] = await gasPerVote(
        ground,
        await boxes[kind](ground, { checkpoints: 8, holders, seated: holders + 2 }),
      )
    }
    once['chief'] = await gasPerVote(ground, await chiefBox(ground, holders))
    const answers: Record<string, Row> = {}
    for (const [name, { open, questions }] of Object.entries(papers)) {
      const row = await gasPerVote(ground, await open(ground, { checkpoints: 1, holders, seated: holders }, questions))
      answers[name] = Object.fromEntries(
        Object.entries(row).map(([size, gas]) => [size, Math.round(gas / questions.length)]),
      )
    }
    const bad = skipped['autodao']!['wrong signature']!
    const founding = await gasOfFounding(ground)
    print({ once, moved, answers, skipped, founding })
    return { ...once, bad, founding, eightCheckpoints: moved, answers, skipped }
  } finally {
    await ground.stop()
  }
}

async function gasPerVote(ground: Ground, box: Box): Promise<Row> {
  const signed = await Promise.all(Array.from({ length: holders }, (_, voter) => box.sign({ voter })))
  const row: Row = {}
  for (const size of sizes) {
    // One vote needs no batcher.
    const alone = size === 1 && box.target !== box.address
    const receipt = await measure(
      ground,
      alone ? box.address : box.target,
      alone ? signed[0]! : box.pack(signed.slice(0, size)),
    )
    const counted = box.counted(receipt)
    if (counted !== size) throw new Error(`${counted} of ${size} ballots were counted`)
    row[size] = Math.round(Number(receipt.gasUsed) / counted)
  }
  return row
}

/** What one bad ballot adds to a batch of 99 good ones, by the reason for which it is skipped. */
async function gasOfSkipped(ground: Ground, box: Box, crowd: number[]): Promise<Skipped> {
  const good = await Promise.all(crowd.map((voter) => box.sign({ voter })))
  const without = await measure(ground, box.target, box.pack(good))
  const cases: Record<string, { reason: number; ballot: Hex }> = {
    'the same again': { reason: 1, ballot: good.at(-1)! },
    'no such seat': { reason: 2, ballot: await box.sign({ voter: one, seat: nobody }) },
    'wrong signature': { reason: 3, ballot: await box.sign({ voter: one, signer: stranger }) },
    'no weight, well signed': { reason: 4, ballot: await box.sign({ voter: poor }) },
    'auto id has ended': { reason: 5, ballot: await box.sign({ voter: gone }) },
  }
  const ended = ground.voters[gone]!
  const digestArgs = await deactivation(ground, ended)
  const snapshot = await ground.rpc('evm_snapshot')
  await ground.send(ground.autoIds, digestArgs)
  const rows: Skipped = {}
  for (const [name, { reason, ballot }] of Object.entries(cases)) {
    const receipt = await measure(ground, box.target, box.pack([...good, ballot]))
    const skipped = box.skipped(receipt)
    if (skipped.length !== 1 || skipped[0]!.reason !== reason) {
      throw new Error(`${name}: ${JSON.stringify(skipped)} instead of reason ${reason}`)
    }
    rows[name] = { gas: Number(receipt.gasUsed - without.gasUsed), counted: box.counted(receipt) }
  }
  await ground.rpc('evm_revert', [snapshot])
  return rows
}

async function deactivation(ground: Ground, voter: Ground['voters'][number]): Promise<Hex> {
  const id = BigInt(ground.voters.indexOf(voter) + 1)
  const deadline = 2n ** 48n
  const signature = await voter.signTypedData({
    domain: { name: 'AutoIds', version: '1', chainId: 31_337, verifyingContract: ground.autoIds },
    types: {
      Deactivation: [
        { name: 'id', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'Deactivation',
    message: { id, nonce: 1n, deadline },
  })
  const args = [id, 1n, deadline, signature] as const
  return encodeFunctionData({ abi: autoIds.abi, functionName: 'deactivateBySig', args })
}

function print(result: {
  once: Record<string, Row>
  moved: Partial<Record<Kind, Row>>
  answers: Record<string, Row>
  skipped: Record<string, Skipped>
  founding: Row
}): void {
  const line = (name: string, cells: (string | number)[]) =>
    console.log(name.padEnd(26) + cells.map((cell) => String(cell.toLocaleString('en')).padStart(19)).join(''))
  console.log('Gas of a relayed vote: whole transaction, divided by the ballots counted; first vote of each voter\n')
  line('ballots a transaction', sizes)
  for (const [title, rows] of [
    ['', result.once],
    [', 8 checkpoints', result.moved],
    ['', result.answers],
  ] as const) {
    for (const [kind, row] of Object.entries(rows)) line(`${kind}${title}`, Object.values(row))
  }
  console.log(
    '\nWhat one bad ballot adds to a batch of 99 good ones: its seat next to theirs, and far from all of them\n',
  )
  line('', Object.keys(result.skipped))
  for (const name of Object.keys(Object.values(result.skipped)[0]!)) {
    line(
      name,
      Object.values(result.skipped).map((rows) => rows[name]!.gas),
    )
  }
  console.log('\nA new Auto DAO, whole transaction\n')
  for (const [name, gas] of Object.entries(result.founding)) line(name, [gas])
}
