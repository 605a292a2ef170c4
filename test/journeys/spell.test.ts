import { erc20Abi, parseEther, zeroAddress, type Address } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chief } from '../../contracts/generated.ts'
import {
  approvalsOf,
  doLine,
  doPage,
  governance,
  hear,
  makeSpell,
  nomicWorld,
  pageIn,
  plain,
  privately,
  relayApprovals,
  say,
  shownIn,
  type NomicWorld,
} from '../support/spells.ts'

let w: NomicWorld
beforeAll(async () => {
  w = await nomicWorld()
})
afterAll(() => w.stop())

const friend: Address = '0x000000000000000000000000000000000000bEEF'
const said = async (who: number, line: string): Promise<string> => plain(await say(w, who, line))
const toldTo = async (who: number): Promise<string> =>
  (await shownIn(w, privately(w.people[who]!), 'action/%')).at(-1) ?? ''
const cardOf = async ({ id }: { id: string }): Promise<string> =>
  (await shownIn(w, governance.id, `spell/${id}/playground/%`))[0] ?? ''
const notesOf = async ({ id }: { id: string }): Promise<string[]> =>
  shownIn(w, governance.id, `spell/${id}/%/playground/%`)
const hat = async (): Promise<string> => {
  const address = await w.ctx.chain.client.readContract({ abi: chief.abi, address: w.chief, functionName: 'hat' })
  return address.toLowerCase()
}
const balanceOf = (account: Address): Promise<bigint> =>
  w.ctx.chain.client.readContract({
    abi: erc20Abi,
    address: w.deployed.nomic,
    functionName: 'balanceOf',
    args: [account],
  })

/** These voters approve of this spell and no other. */
async function approve(voters: readonly number[], name: string): Promise<void> {
  const label = name === 'none' ? /no spell$/ : new RegExp(`^Approve of ${name}$`)
  for (const index of voters) await doLine(w, index, `approve ${name}`, label)
  await relayApprovals(w)
}

/** Enough that nothing of what was locked, lifted or approved before is in the way. */
const aWhile = async (): Promise<void> => {
  await w.chain.travel(120)
  await hear(w)
}

describe('a spell', () => {
  test('goes from a draft to its cast: three signed voices, lifted, plotted, and each step is said once', async () => {
    await approve([1, 2, 3], 'none')
    const spell = await makeSpell(w, 1, { title: 'Pay a friend', calls: `pay ${friend} 5` })
    expect(spell.answer).toContain('Careful: it moves 5 NOMIC to')
    expect(spell.answer).toContain('The dry run went well')
    expect(await cardOf(spell)).toContain(`${spell.ref}: Pay a friend`)
    expect(await cardOf(spell)).toContain('Collects approvals.')
    expect(await cardOf(spell)).toContain('Because of Pay a friend. Calls transfer(')
    expect(await said(1, 'power nomic')).toContain('200 NOMIC')
    expect(await said(2, `spell-show ${spell.ref}`)).toContain('Because of Pay a friend.')
    expect(await said(2, `lift ${spell.ref}`)).toContain('0 NOMIC stand on it and')

    for (const index of [1, 2, 3])
      await doLine(w, index, `approve ${spell.ref}`, new RegExp(`^Approve of ${spell.ref}$`))
    expect(await toldTo(2)).toContain(`Approve of ${spell.ref}: signed`)
    await relayApprovals(w)
    expect(await approvalsOf(w, spell.address)).toBe(parseEther('900'))
    const rows = await w.ctx.db
      .selectFrom('approval')
      .select(['voter', 'state', 'intent_id'])
      .where('state', '=', 'counted')
      .where('sequence', '>', 1)
      .execute()
    expect(rows).toHaveLength(3)
    expect(new Set(rows.map(({ intent_id }) => intent_id)).size).toBe(1)
    expect(await toldTo(2)).toMatch(new RegExp(`Approve of ${spell.ref}: signed → sent → counted in block \\d+`))
    await aWhile()
    expect(await cardOf(spell)).toContain('Ready to lift:')
    expect(await cardOf(spell)).toContain('It is 800 NOMIC ahead of the hat.')

    expect(await said(4, `spell-schedule ${spell.ref}`)).toContain('Only the spell that holds the hat may be plotted')
    expect(await said(4, `lift ${spell.ref}`)).toContain('AutoCo sends it')
    await hear(w)
    expect(await hat()).toBe(spell.address)
    expect(await toldTo(4)).toMatch(/Give the hat to .*: sent → done in block/)
    expect(await cardOf(spell)).toContain('Holds the hat.')
    expect(await said(4, 'nomic')).toContain(`The hat: ${spell.ref}: Pay a friend with 900 NOMIC.`)

    expect(await said(4, `spell-cast ${spell.ref}`)).toContain('It has to be plotted before it can be cast.')
    expect(await said(4, `spell-schedule ${spell.ref}`)).toContain('AutoCo sends it')
    await hear(w)
    expect(await cardOf(spell)).toContain('Plotted.')
    expect(await said(4, `spell-cast ${spell.ref}`)).toContain('Its time has not come yet')
    expect(await said(4, 'nomic')).toContain(`Plotted, waiting to be cast ${spell.ref}: Pay a friend (`)

    await w.chain.travel(3_601)
    await hear(w)
    expect(await cardOf(spell)).toContain('Ready to cast:')
    const before = await balanceOf(friend)
    expect(await said(4, `spell-cast ${spell.ref}`)).toContain('AutoCo sends it')
    await hear(w)
    expect(await cardOf(spell)).toContain('Cast. What it says was done.')
    expect((await balanceOf(friend)) - before).toBe(parseEther('5'))
    expect(await said(4, `spell-cast ${spell.ref}`)).toContain('it was cast or dropped already')
    const notes = await notesOf(spell)
    for (const words of [
      'may lift it now',
      'was given the hat',
      'Plotted. It waits',
      'may cast it now',
      'Cast: what it says',
    ])
      expect(notes.filter((note) => note.includes(words))).toHaveLength(1)
  })

  test('is dropped by another one that takes the hat in time', async () => {
    const bad = await makeSpell(w, 1, { title: 'A bad idea' })
    await approve([1, 2, 3], bad.ref)
    await aWhile()
    await say(w, 0, `lift ${bad.ref}`)
    await hear(w)
    await say(w, 0, `spell-schedule ${bad.ref}`)
    await hear(w)
    const drop = await makeSpell(w, 2, { title: 'Stop it', calls: `drop ${bad.ref}` })
    expect(drop.answer).toContain(`It drops the plan of ${bad.ref}`)
    await approve([1, 2, 3], drop.ref)
    await aWhile()
    await say(w, 0, `lift ${drop.ref}`)
    await hear(w)
    await say(w, 0, `spell-schedule ${drop.ref}`)
    await hear(w)
    expect(await cardOf(bad)).toContain('Dropped. A later hat stopped it')
    expect(await cardOf(drop)).toContain('Cast. The plan is dropped.')
  })

  test('expires where nobody plots it in time, and then nobody can approve of it', async () => {
    const spell = await makeSpell(w, 1, { title: 'Too late', days: 7 })
    await w.chain.travel(8 * 86_400)
    await hear(w)
    expect(await cardOf(spell)).toContain('Expired.')
    expect(await said(1, `approve ${spell.ref}`)).toContain(`${spell.ref} is over`)
    expect(await said(1, `spell-schedule ${spell.ref}`)).toContain('It has expired')
  })

  test('of somebody with nothing at stake is listed, and posted once others stand behind it', async () => {
    const spell = await makeSpell(w, 4, { title: 'From outside' })
    expect(await cardOf(spell)).toBe('')
    expect(await said(1, 'spell')).toContain(`${spell.ref}: From outside ( collects approvals , 0 NOMIC )`)
    await approve([1], spell.ref)
    await hear(w)
    expect(await cardOf(spell)).toContain('Collects approvals.')
  })
})

describe('an approval', () => {
  test('may be changed: the newest signature counts, also when none was sent yet, and weight is never on both', async () => {
    const [one, two] = [await makeSpell(w, 1, { title: 'One' }), await makeSpell(w, 1, { title: 'Two' })]
    await doLine(w, 2, `approve ${one.ref}`, new RegExp(`^Approve of ${one.ref}$`))
    await doLine(w, 2, `approve ${two.ref}`, new RegExp(`^Approve of ${two.ref}$`))
    const cards = await shownIn(w, privately(w.people[2]!), 'action/%')
    expect(cards.find((card) => card.includes(`Approve of ${one.ref}`))).toContain('you signed a newer one')
    await relayApprovals(w)
    expect([await approvalsOf(w, one.address), await approvalsOf(w, two.address)]).toEqual([0n, parseEther('300')])

    await approve([2], one.ref)
    expect([await approvalsOf(w, one.address), await approvalsOf(w, two.address)]).toEqual([parseEther('300'), 0n])
  })

  test('is offered with the hat kept, and says what the hat loses without', async () => {
    const [held, next] = [await makeSpell(w, 1, { title: 'Held' }), await makeSpell(w, 1, { title: 'Next' })]
    await approve([1, 2, 3], held.ref)
    await aWhile()
    await say(w, 0, `lift ${held.ref}`)
    await hear(w)
    const view = await say(w, 3, `approve ${next.ref}`)
    expect(plain(view)).toContain('Mind the hat:')
    expect(plain(view)).toContain('it loses 400 NOMIC')
    await doPage(w, pageIn(view, /keep the hat/), w.voters[3]!)
    await relayApprovals(w)
    expect(await approvalsOf(w, next.address)).toBe(parseEther('400'))
    expect(await approvalsOf(w, held.address)).toBe(parseEther('900'))
    // Both pages were for the same turn; the other one is worth nothing now.
    await expect(doPage(w, pageIn(view, /^Approve of [^ ]+$/), w.voters[3]!)).rejects.toThrow('A newer approval')
  })

  test('is taken over by the wallet’s own vote, and is not counted after it', async () => {
    const [signed, voted] = [await makeSpell(w, 1, { title: 'Signed' }), await makeSpell(w, 1, { title: 'Voted' })]
    await doLine(w, 3, `approve ${signed.ref}`, new RegExp(`^Approve of ${signed.ref}$`))
    const own = w.voters[3]!
    const hash = await w.chain.wallet(own).writeContract({
      abi: chief.abi,
      address: w.chief,
      functionName: 'voteFor',
      args: [[voted.address]],
      chain: null,
      account: own,
    })
    await w.ctx.chain.client.waitForTransactionReceipt({ hash })
    await relayApprovals(w)
    expect([await approvalsOf(w, signed.address), await approvalsOf(w, voted.address)]).toEqual([0n, parseEther('400')])
    expect(await toldTo(3)).toContain('you signed a newer one')
  })

  test('gains weight by a lock at once, but what came in a block does not lift in it', async () => {
    await approve([1, 2, 3], 'none')
    const spell = await makeSpell(w, 1, { title: 'In haste' })
    await doLine(w, 4, 'lock 1')
    await approve([4], spell.ref)
    await aWhile()
    await doLine(w, 4, 'lock all')
    expect(await approvalsOf(w, spell.address)).toBe(parseEther('450'))
    expect(await said(4, `lift ${spell.ref}`)).toContain('449 NOMIC of that came in this very block')
    await w.chain.travel(1)
    expect(await said(4, `lift ${spell.ref}`)).toContain('AutoCo sends it')
    await hear(w)
    expect(await hat()).toBe(spell.address)
    expect(await said(4, `lift ${spell.ref}`)).toMatch(/possible in \d+ seconds/)
    await doLine(w, 4, 'free all')
    expect(await approvalsOf(w, spell.address)).toBe(0n)
    expect(await balanceOf(w.voters[4]!.address)).toBe(parseEther('450'))
  })

  test('is refused in words: without a lock, of what nobody knows, of more than is there', async () => {
    expect(await said(4, 'approve launch')).toContain('none of your wallets has locked NOMIC')
    expect(await said(1, 'approve nomic-s99')).toContain('I know no spell called “nomic-s99”')
    expect(await said(1, 'approve six')).toContain('“six” is not a spell like nomic-s3')
    expect(await said(1, 'free 1000')).toContain('has locked 200 NOMIC, which is less than that')
    expect(await said(1, 'lock 5')).toContain('None of your linked wallets holds NOMIC')
  })
})

describe('a draft', () => {
  test.each([
    ['pay friend 5', 'Call 1, “pay friend 5”: “friend” is not an address'],
    [`pay ${friend} five`, '“five” is not an amount of NOMIC'],
    [`${friend} 0xzz`, 'is neither calldata nor a function'],
    ['pause setDelay(uint48)', 'setDelay takes 1 arguments, and there are 0'],
    ['pause setDelay(uint48) soon', '“soon” is not a whole number'],
    ['drop nomic-s99', 'I know no spell called “nomic-s99”'],
  ])('says what is wrong with “%s”', async (calls, words) => {
    expect(await said(0, `spell-new "x" 7 always "${calls}" Why.`)).toContain(words)
  })

  test('says which of its calls would fail, and may be made all the same', async () => {
    const words = await said(0, `spell-new "Too much" 7 office "pay ${friend} 1000; ${zeroAddress} go()" Why.`)
    expect(words).toContain('Call 1 would fail as things are now.')
    expect(words).toContain('Call 2: there is no contract at this address')
  })
})
