import { encodeFunctionData, erc20Abi, parseEther, type Address, type LocalAccount } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chief } from '../../../contracts/generated.ts'
import { acceptSigned } from '../../../core/actions/accept.ts'
import { actionAsked } from '../../../core/actions/page.ts'
import { pollOnce } from '../../../core/listen/listener.ts'
import { probeNomic } from '../../../core/nomic/probe.ts'
import { sendCall } from '../../../bots/world/deploy.ts'
import { account, caller, deploy, linkWallet } from '../../support/linking.ts'
import { testWallet } from '../../support/generated.ts'
import {
  approvalsOf,
  governance,
  hear,
  makeSpell,
  nomicWorld,
  pageIn,
  plain,
  relayApprovals,
  say,
  shownIn,
  type NomicWorld,
} from '../../support/spells.ts'

let w: NomicWorld
beforeAll(async () => {
  w = await nomicWorld()
})
afterAll(() => w.stop())

const rowAt = (address: string) =>
  w.ctx.db.selectFrom('spell').selectAll().where('address', '=', address.toLowerCase()).executeTakeFirst()
const cardOf = async (id: string): Promise<string> =>
  (await shownIn(w, governance.id, `spell/${id}/playground/%`))[0] ?? ''

describe('a chief', () => {
  test('of ours is watched with its pause, spells and polls', async () => {
    const probe = await probeNomic(w.ctx, w.chief)
    expect(probe).toMatchObject({ kind: 'nomic', token: w.deployed.nomic, timelock: w.treasury, limits: [] })
    expect(probe?.parts?.map(({ role }) => role)).toEqual(['chief', 'pause', 'spells', 'polls'])
  })

  test('of others is watched alone, and says that its plans are not known', async () => {
    const other = await deploy(w.chain, {
      account: account(w.chain, 6),
      ...chief,
      args: [w.deployed.nomic, 1n, 1n, 0],
    })
    const probe = await probeNomic(w.ctx, other)
    expect(probe?.parts).toEqual([{ role: 'chief', address: other }])
    expect(probe?.limits.join()).toContain('plans are not shown')
  })

  test('is not what a token or a governor is', async () => {
    expect(await probeNomic(w.ctx, w.deployed.nomic)).toBeUndefined()
    expect(await probeNomic(w.ctx, w.autoDao.dao)).toBeUndefined()
    expect(await probeNomic(w.ctx, '0x000000000000000000000000000000000000bEEF')).toBeUndefined()
  })
})

describe('a spell', () => {
  test('of a stranger is shown when people approve of it, with a warning and no word of what it does', async () => {
    const stranger: Address = '0x00000000000000000000000000000000DeaDBeef'
    const voter = w.voters[2]!
    await sendCall(
      { ...w.deployer, wallet: w.chain.wallet(voter) },
      {
        to: w.chief,
        data: encodeFunctionData({ abi: chief.abi, functionName: 'voteFor', args: [[stranger]] }),
      },
    )
    await hear(w)
    const row = await rowAt(stranger)
    expect(row).toMatchObject({ kind: 'foreign', title: '', approvals: parseEther('300').toString() })
    expect(await cardOf(row!.id)).toContain('Not made by AutoCo’s factory:')
  })

  test('that a reorg took back says so, and is the same one when it is made again', async () => {
    const spell = await makeSpell(w, 1, { title: 'Fleeting' })
    const { tx_hash } = (await rowAt(spell.address))!
    const raw = await w.chain.rpc<`0x${string}`>('eth_getRawTransactionByHash', [tx_hash])
    await w.chain.rpc('anvil_reorg', [1, []])
    await w.chain.rpc('anvil_mine', ['0x1'])
    await hear(w)
    expect(await cardOf(spell.id)).toContain('taken back by a chain reorganisation')
    expect(plain(await say(w, 1, `spell-show ${spell.ref}`))).toContain('I know no spell called')

    await w.chain.rpc('eth_sendRawTransaction', [raw]).catch(() => undefined)
    await w.chain.rpc('evm_mine')
    await hear(w)
    expect(await rowAt(spell.address)).toMatchObject({ id: spell.id, ref: spell.ref, orphaned_at: null })
    expect(await cardOf(spell.id)).toContain('Collects approvals.')
  })

  test('is not looked at anew as long as nothing happens and no time has come', async () => {
    await makeSpell(w, 1, { title: 'Quiet' })
    const before = await w.ctx.db.selectFrom('chief').selectAll().executeTakeFirstOrThrow()
    expect(BigInt(before.due_at ?? 0)).toBeGreaterThan(BigInt(before.checked_at))
    await w.chain.rpc('evm_mine')
    await pollOnce(w.ctx)
    expect(await w.ctx.db.selectFrom('chief').selectAll().executeTakeFirstOrThrow()).toEqual(before)
  })
})

test('a wallet that is a contract approves by what it says itself (EIP-1271)', async () => {
  const owner = account(w.chain, 6)
  const address = await deploy(w.chain, { account: owner, ...testWallet, args: [owner.address] })
  const execute = (to: Address, data: `0x${string}`) =>
    sendCall(
      { ...w.deployer, wallet: w.chain.wallet(owner) },
      { to: address, data: encodeFunctionData({ abi: testWallet.abi, functionName: 'execute', args: [to, data] }) },
    )
  await sendCall(
    { ...w.deployer, wallet: w.chain.wallet(w.voters[4]!) },
    {
      to: w.deployed.nomic,
      data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [address, 7n] }),
    },
  )
  await execute(w.deployed.nomic, encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [w.chief, 7n] }))
  await execute(w.chief, encodeFunctionData({ abi: chief.abi, functionName: 'lock', args: [7n] }))
  const who = caller('smart')
  await linkWallet(w.ctx, who, { ...owner, address } as LocalAccount)
  const spell = await makeSpell(w, 1, { title: 'For contracts too' })
  const { view } = await w.app.run({ caller: who, channel: governance, line: `approve ${spell.ref}` })
  const secret = pageIn(view, /^Approve of [^ ]+$/)
  const asked = await actionAsked(w.ctx, { secret })
  if (!('typedData' in asked)) throw new Error('there is nothing to sign')
  const signature = await owner.signTypedData(asked.typedData as never)
  await acceptSigned(w.ctx, { secret, number: asked.number, signature })
  await relayApprovals(w)
  const row = await w.ctx.db.selectFrom('approval').selectAll().where('voter', '=', address).executeTakeFirstOrThrow()
  expect(row).toMatchObject({ signer: 'contract', state: 'counted', weight: '7' })
  expect(await approvalsOf(w, spell.address)).toBe(7n)
})
