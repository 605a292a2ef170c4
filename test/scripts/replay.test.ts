import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { readChoices } from '../../scripts/replay/choices.ts'
import { readExecutive } from '../../scripts/replay/executive.ts'
import { readFolder } from '../../scripts/replay/folder.ts'
import { readTopic } from '../../scripts/replay/forum.ts'
import type { Matter } from '../../scripts/replay/matter.ts'
import { planVotes, type Plan } from '../../scripts/replay/plan.ts'
import { readSnapshot } from '../../scripts/replay/snapshot.ts'
import { hasShared, shared } from '../support/shared.ts'

const folders: string[] = []
afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })))

const proposal = {
  space_name: 'Garden Club',
  title: 'Buy a second compost bin',
  body: 'The first one is full since May. A second one costs 120 euros.',
  choices: ['For', 'Against', 'Abstain'],
  scores: [7.25, 2.5, 0.125],
  votes: 9,
  type: 'basic',
  discussion: '',
}

describe('choices', () => {
  test.for([
    [
      ['For', 'Against', 'Abstain'],
      [1, 0, 2],
    ],
    [
      [' no, never ', 'YES, ratify'],
      [0, 1],
    ],
    [
      ['Veto', 'No Veto (Approve)'],
      [1, 0],
    ],
    [['Veto'], [1]],
  ] as const)('reads %j', ([choices, supports]) => {
    expect(readChoices(choices)).toEqual(supports)
  })

  test.for([
    [[], 'it has no choices'],
    [['Red', 'Blue'], 'its choices are not for, against and abstain: Red, Blue'],
    [['For', 'Against', 'Later'], 'its choices are not for, against and abstain: For, Against, Later'],
    [['Yes, all of it', 'Yes, half of it', 'No'], 'two of its choices mean the same'],
  ] as const)('says what cannot be expressed: %j', ([choices, reason]) => {
    expect(readChoices(choices)).toBe(reason)
  })
})

describe('Snapshot proposals', () => {
  test('carry title, text and the score of each choice', () => {
    const { matters, notExpressed } = readSnapshot(lines(proposal), 'p.jsonl')
    expect(notExpressed).toEqual([])
    expect(matters).toEqual([
      {
        source: 'p.jsonl:1',
        house: 'Garden Club',
        title: proposal.title,
        body: proposal.body,
        said: [],
        result: {
          voters: 9,
          choices: [
            { words: 'For', support: 1, score: 7.25 },
            { words: 'Against', support: 0, score: 2.5 },
            { words: 'Abstain', support: 2, score: 0.125 },
          ],
        },
      },
    ])
  })

  test.for([
    ['no JSON at all', '{"title": "Half a li', 'the line is no JSON'],
    ['another rule', { ...proposal, type: 'ranked-choice' }, 'its rule is “ranked-choice”'],
    ['fewer scores than choices', { ...proposal, scores: [1, 2] }, 'it has 3 choices and 2 scores'],
    ['no scores', { ...proposal, scores: undefined }, 'the field scores is missing or wrong'],
    ['a negative score', { ...proposal, scores: [1, -2, 3] }, 'the field scores.1 is missing or wrong'],
    ['a score in words', { ...proposal, scores: ['many', 1, 1] }, 'the field scores.0 is missing or wrong'],
    ['no title', { ...proposal, title: ' ' }, 'the field title is missing or wrong'],
    ['nobody who voted', { ...proposal, scores: [0, 0, 0] }, 'nobody voted on it in the data'],
    ['a list', [1, 2, 3], 'is missing or wrong'],
  ] as const)('are left out with a reason, not lost: %s', ([, row, reason]) => {
    const text = `${typeof row === 'string' ? row : JSON.stringify(row)}\n\n${JSON.stringify(proposal)}\n`
    const { matters, notExpressed } = readSnapshot(text, 'p.jsonl')
    expect(matters.map(({ source }) => source)).toEqual(['p.jsonl:3'])
    expect(notExpressed).toEqual([
      { source: 'p.jsonl:1', title: expect.any(String), reason: expect.stringContaining(reason) },
    ])
  })
})

describe('forum topics and executive votes', () => {
  test('take the first post as the text, and the others as what was said', () => {
    const topic = {
      topic_id: 7,
      title: 'Bins',
      url: 'https://forum.example.org/t/bins/7',
      posts: [
        { author: 'ann', text: 'Which bin?' },
        { author: 'bo', text: 'The green one.' },
        { author: 'cy', text: ' ' },
      ],
    }
    expect(readTopic(JSON.stringify(topic), '7.json')).toMatchObject({
      house: 'Optimism forum',
      title: 'Bins',
      body: expect.stringContaining('Which bin?'),
      said: [{ author: 'bo', text: 'The green one.' }],
      result: undefined,
    })
    expect(readTopic('[{"digest": 1}]', 'pairs.json')).toBeUndefined()
    expect(readTopic('{"posts": []}', '8.json')).toMatchObject({ reason: expect.stringContaining('missing or wrong') })
    expect(readTopic('{', '9.json')).toMatchObject({ reason: 'the file is no JSON' })
  })

  test('take the title from the head of the markdown', () => {
    const head = '---\ntitle: Template - [Executive Vote] Raise a fee\ndate: 2019-05-03\n---\n'
    expect(readExecutive(`${head}The fee goes up.`, 'a.md')).toMatchObject({
      house: 'Maker',
      title: '[Executive Vote] Raise a fee',
      body: 'The fee goes up.',
    })
    expect(readExecutive('# Just markdown', 'b.md')).toBeUndefined()
    expect(readExecutive('---\ndate: 2019\n---\nText', 'c.md')).toMatchObject({ reason: 'its head has no title' })
    expect(readExecutive(head, 'd.md')).toMatchObject({ reason: 'it has no text' })
  })

  test('a folder says by its files what it is, and a sentence when it is nothing', () => {
    const folder = folderOf({ 'p.jsonl': lines(proposal), 'notes.txt': 'hello' })
    expect(readFolder(folder).matters).toHaveLength(1)
    expect(() => readFolder(folderOf({ 'notes.txt': 'hello' }))).toThrow(/There is nothing to replay in/)
    expect(() => readFolder('/nowhere')).toThrow('There is no folder /nowhere.')
  })

  test.skipIf(!hasShared)('the whole of the shared data is read, and what cannot be expressed is named', () => {
    const snapshot = readFolder(shared('data/ai/optimism-snapshot'))
    expect(snapshot.matters).toHaveLength(50)
    expect(snapshot.notExpressed.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 2 }, () => 'its rule is “approval”, and a Governor counts single choice only'),
    )
    expect(readFolder(shared('data/ai/optimism-forum')).matters).toHaveLength(8)
    expect(readFolder(shared('data/governance/maker/executives-sample')).matters).toHaveLength(41)
  })
})

describe('the plan of who votes what', () => {
  test('makes up every score to the hundredth from stakes, with as many voters as asked for', () => {
    const plan = planVotes([matter([15_053_954.7665, 27_424.8114, 192_362.9686], 32_839)], 100)
    const [house] = plan.houses
    expect(house?.votes[0]?.expected).toEqual([
      2_742_481n * 10n ** 16n,
      1_505_395_477n * 10n ** 16n,
      19_236_297n * 10n ** 16n,
    ])
    expect(house?.votes[0]?.ballots.length).toBeGreaterThanOrEqual(100)
    expect(sums(plan)).toEqual(expectations(plan))
  })

  test('gives one vote each where people voted, not stakes', () => {
    const plan = planVotes([matter([20, 34], 54), matter([1, 36], 37)], 100)
    expect(plan.houses[0]).toMatchObject({ rule: 'one vote each', holdings: { length: 54 } })
    expect(plan.houses[0]?.votes.map(({ ballots }) => ballots.length)).toEqual([54, 37])
    expect(sums(plan)).toEqual(expectations(plan))
  })

  test('keeps the proportions with fewer voters, and nobody who got a vote loses the last one', () => {
    const plan = planVotes([matter([1, 360], 361)], 10)
    expect(plan.houses[0]?.votes[0]?.expected).toEqual([9n * 10n ** 18n, 10n ** 18n, 0n])
  })

  test('lets a few people vote where the data has no result', () => {
    const plan = planVotes([{ ...matter([], 0), result: undefined }], 100)
    expect(plan.houses[0]?.rule).toContain('made up')
    expect(plan.houses[0]?.votes[0]?.ballots.length).toBeGreaterThan(0)
    expect(sums(plan)).toEqual(expectations(plan))
  })

  test('says which score is too small to be told apart', () => {
    const plan = planVotes([matter([0.001, 0.002], 50), matter([9_000, 1], 50)], 100)
    expect(plan.notExpressed).toMatchObject([{ reason: 'its scores are too small to be told apart' }])
    expect(plan.houses[0]?.votes).toHaveLength(1)
  })

  test('never has anybody vote twice, and adds up for any scores and any number of voters', () => {
    const score = fc.oneof(fc.nat(200), fc.double({ min: 0, max: 1e12, noNaN: true }))
    const scores = fc.array(score, { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(fc.array(scores, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 150 }), (all, least) => {
        const plan = planVotes(
          all.map((three) => matter(three, 100)),
          least,
        )
        for (const { votes, holdings } of plan.houses) {
          expect(holdings.reduce((sum, held) => sum + held, 0n)).toBeLessThan(2n ** 96n)
          for (const { ballots } of votes) expect(new Set(ballots.map(({ voter }) => voter)).size).toBe(ballots.length)
        }
        expect(sums(plan)).toEqual(expectations(plan))
      }),
      { numRuns: 200 },
    )
  })
})

describe('as a command', () => {
  test('takes a folder through the whole path and says that every tally is equal', async () => {
    const topic = {
      topic_id: 7,
      title: 'Which bin is the right one',
      posts: [
        { author: 'ann', text: 'The club needs a bin that keeps rats out. Which one should it be?' },
        { author: 'bo', text: 'I am against plastic, because it breaks in the frost.' },
        { author: 'cy', text: 'I support the metal one, it lasts for twenty years.' },
      ],
    }
    const folder = folderOf({
      'p.jsonl': lines(proposal, { ...proposal, type: 'approval' }),
      '7.json': JSON.stringify(topic),
    })
    const { code, out } = await run([folder, '--voters', '4', '--json'])
    const figures = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, unknown>
    expect(figures).toMatchObject({ proposals: 2, claimsDropped: 0, tallyEqual: true, unequal: [] })
    expect(figures.notExpressed).toMatchObject([{ reason: expect.stringContaining('approval') }])
    for (const name of ['claimsShown', 'ballots', 'batches', 'gasPerBallot']) expect(figures[name]).toBeGreaterThan(0)
    expect(out).toMatch(/gardenclub-1 .* 7.3 \/ 2.5 \/ 0.1 +equal/)
    expect(code).toBe(0)
  }, 60_000)

  test.for([
    [['/nowhere'], 'There is no folder /nowhere.'],
    [['--voters', 'many'], '--voters must be a whole number'],
    [['--limit', '0'], '--limit must be a whole number'],
    [['--nonsense'], 'Usage: npm run replay'],
  ] as const)('answers %j with a sentence', async ([args, sentence]) => {
    const { code, out } = await run([...args])
    expect(out).toContain(sentence)
    expect(code).toBe(2)
  })
})

function matter(scores: readonly number[], voters: number): Matter {
  const [inFavour = 0, against = 0, abstain = 0] = scores
  const choices = [
    { words: 'For', support: 1, score: inFavour },
    { words: 'Against', support: 0, score: against },
    { words: 'Abstain', support: 2, score: abstain },
  ] as const
  const result = { voters, choices: [...choices] }
  return { source: 'test', house: 'Test', title: `Of ${scores.join(' ')}`, body: 'Text.', said: [], result }
}

/** What the contract would count: each voter's holding, by support. */
const sums = (plan: Plan): bigint[][] =>
  plan.houses.flatMap(({ votes, holdings }) =>
    votes.map(({ ballots }) => {
      const tally = [0n, 0n, 0n]
      for (const { voter, support } of ballots) tally[support] = (tally[support] ?? 0n) + (holdings[voter] ?? 0n)
      return tally
    }),
  )

const expectations = (plan: Plan): bigint[][] =>
  plan.houses.flatMap(({ votes }) => votes.map(({ expected }) => [...expected]))

const lines = (...rows: object[]): string => rows.map((row) => JSON.stringify(row)).join('\n')

function folderOf(files: Record<string, string>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autoco-replay-test-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text)
  return folder
}

function run(args: string[]): Promise<{ code: number; out: string }> {
  const script = path.resolve(import.meta.dirname, '../../scripts/replay.ts')
  return new Promise((resolve) => {
    const env = { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`, RELAY_FLUSH_SECONDS: '0' }
    execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr })
    })
  })
}
