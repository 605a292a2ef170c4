import type { Hex } from 'viem'
import { chief, polls } from '../../../contracts/generated.ts'
import { encodeFunctionData, zeroHash } from 'viem'
import { sendCall } from '../../../bots/world/deploy.ts'
import { acceptSigned } from '../../../core/actions/accept.ts'
import { actionAsked } from '../../../core/actions/page.ts'
import { acceptBallot } from '../../../core/ballots/accept.ts'
import { ballotKind } from '../../../core/ballots/ballot-kind.ts'
import { findReceipt } from '../../../core/ballots/receipt.ts'
import type { Proposal } from '../../../core/governance/proposal.ts'
import { approvalKind } from '../../../core/nomic/approval-kind.ts'
import { slateOf } from '../../../core/nomic/slate.ts'
import { paperKind } from '../../../core/polls/paper-kind.ts'
import { signedKindContract } from '../../support/signed-kind-contract.ts'
import {
  ballotWorld,
  cardText,
  openPage,
  openProposal,
  sign,
  storeVote,
  type BallotWorld,
} from '../../support/ballots.ts'
import { openPolls, pollWorld, signedPaper, hourAndMore } from '../../support/polls.ts'
import { makeSpell, nomicWorld, pageIn, privately, say, shownIn } from '../../support/spells.ts'
import { times } from '../../support/world.ts'

/** Somebody with money who is nobody's relayer. */
const stranger = (w: BallotWorld) => ({ ...w.deployer, wallet: w.chain.wallet(w.chain.accounts[8]!) })

signedKindContract('ballot', async () => {
  const w = await ballotWorld()
  let proposal: Proposal
  return {
    w,
    kind: ballotKind as never,
    daoId: w.daoIds.auto,
    async fresh() {
      proposal = await openProposal(w, 'auto')
    },
    async sign(voter) {
      const wallet = w.voters[voter]!
      const draft = await openPage(w, w.people[voter]!, { ref: proposal.ref, support: 1 })
      const signature = await sign(w, draft, wallet)
      return (ctx) => acceptBallot(ctx, { draft, address: wallet.address, signature })
    },
    async sendAlone({ id, voter }) {
      const { alone } = await findReceipt(w.ctx, { id })
      const receipt = await sendCall(stranger(w), { to: alone.to, data: alone.data })
      // The listener reads its log.
      await storeVote(w, proposal, { voter, support: 1, receipt })
    },
    closesAfter: times.votingPeriod,
    told: (_, { id }) => cardText(w, id),
  }
})

signedKindContract('approval', async () => {
  const w = await nomicWorld()
  let ref = ''
  let made = 0
  return {
    w,
    kind: approvalKind as never,
    daoId: w.daoId,
    async fresh() {
      made += 1
      ;({ ref } = await makeSpell(w, 0, { title: `Spell ${made}` }))
    },
    async sign(voter) {
      const secret = pageIn(await say(w, voter, `approve ${ref}`), /^Approve of [^ ]+$/)
      const { number, typedData } = (await actionAsked(w.ctx, { secret })) as { number: number; typedData: never }
      const signature = await w.voters[voter]!.signTypedData(typedData)
      return (ctx) => acceptSigned(ctx, { secret, number, signature })
    },
    async sendAlone(row) {
      const { seat, sequence, spells, signature, voter } = row as never as {
        seat: number
        sequence: number
        spells: Hex[]
        signature: Hex
        voter: Hex
      }
      const data = encodeFunctionData({ abi: chief.abi, functionName: 'etch', args: [spells] })
      await sendCall(stranger(w), { to: w.chief, data })
      const slate = await slateOf(w.ctx, { chief: w.chief }, spells)
      const args = [seat, sequence, slate, voter, signature] as const
      await sendCall(stranger(w), {
        to: w.chief,
        data: encodeFunctionData({ abi: chief.abi, functionName: 'castApproval', args }),
      })
    },
    told: async (voter) => (await shownIn(w, privately(w.people[voter]!), 'action/%')).at(-1) ?? '',
  }
})

signedKindContract('paper', async () => {
  const w = await pollWorld()
  let ref = ''
  return {
    w,
    kind: paperKind as never,
    daoId: w.daoId,
    async fresh() {
      ref = (await openPolls(w, [{ title: 'Shall we', kind: 0, options: ['Yes', 'No'] }])).refs[0]!
    },
    async sign(voter) {
      const signed = await signedPaper(w, voter, { ref, answers: [[0]] })
      return (ctx) => acceptSigned(ctx, signed)
    },
    async sendAlone(row) {
      const { paper, seat, mark, voter, signature } = row as never as {
        paper: number
        seat: number
        mark: Hex
        voter: Hex
        signature: Hex
      }
      const args = [BigInt(paper), seat, BigInt(mark), zeroHash, voter, signature] as const
      await sendCall(stranger(w), {
        to: w.polls,
        data: encodeFunctionData({ abi: polls.abi, functionName: 'castPaper', args }),
      })
    },
    closesAfter: hourAndMore,
    told: async (voter) => (await shownIn(w, privately(w.people[voter]!), 'action/%')).at(-1) ?? '',
  }
})
