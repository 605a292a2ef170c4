import { challengeDecision } from '../../../core/mesh/decision.ts'
import { pollDecision } from '../../../core/polls/decision.ts'
import { proposalDecision } from '../../../core/governance/decision.ts'
import { spellDecision } from '../../../core/nomic/decision.ts'
import { pollOnce } from '../../../core/listen/listener.ts'
import { decisionKindContract } from '../../support/decision-kind-contract.ts'
import { times } from '../../support/world.ts'
import { bookChallenge, listen, meshWorld } from '../../support/mesh.ts'
import { openPolls, pollWorld } from '../../support/polls.ts'
import { governance, makeSpell, nomicWorld } from '../../support/spells.ts'

decisionKindContract('proposal', async () => {
  const w = await meshWorld()
  await w.propose(w.autoDao, '# Paint the bridge\n\nIt is grey.')
  await w.chain.travel(times.votingDelay + 2)
  await listen(w)
  const { id, ref } = await w.ctx.db
    .selectFrom('proposal')
    .select(['id', 'ref'])
    .where('title', '=', 'Paint the bridge')
    .executeTakeFirstOrThrow()
  const channel = { platform: 'paper', id: 'auto' }
  const caller = w.people.eve.caller
  return {
    ...w,
    kind: proposalDecision as never,
    id,
    ref,
    channel,
    caller,
    cardKey: `proposal/${id}/paper/auto`,
    job: { name: 'announce', data: { proposalId: id } },
  }
})

decisionKindContract('spell', async () => {
  const w = await nomicWorld()
  const { id, ref } = await makeSpell(w, 0, { title: 'Wait longer' })
  const cardKey = `spell/${id}/${governance.platform}/${governance.id}`
  return {
    ...w,
    kind: spellDecision as never,
    id,
    ref,
    channel: governance,
    caller: w.people[1]!,
    cardKey,
    job: { name: 'announce-spell', data: { spellId: id } },
  }
})

decisionKindContract('poll', async () => {
  const w = await pollWorld()
  const { refs } = await openPolls(w, [{ title: 'Where we meet', kind: 0, options: ['Here', 'There'] }])
  const { id, ref } = await w.ctx.db
    .selectFrom('poll')
    .select(['id', 'ref'])
    .where('ref', '=', refs[0]!)
    .executeTakeFirstOrThrow()
  await pollOnce(w.ctx)
  const cardKey = `poll/${id}/${governance.platform}/${governance.id}`
  return {
    ...w,
    kind: pollDecision as never,
    id,
    ref,
    channel: governance,
    caller: w.people[1]!,
    cardKey,
    job: { name: 'announce-poll', data: { pollId: id } },
  }
})

decisionKindContract('challenge', async () => {
  const w = await meshWorld()
  const ref = await bookChallenge(w, 'A book to be written', 'working')
  const { id } = await w.ctx.db.selectFrom('challenge').select('id').where('ref', '=', ref).executeTakeFirstOrThrow()
  const channel = { platform: 'paper', id: 'global' }
  const caller = w.people.eve.caller
  return {
    ...w,
    kind: challengeDecision as never,
    id,
    ref,
    channel,
    caller,
    cardKey: `challenge/${id}/paper/global`,
    job: { name: 'challenge', data: { challengeId: id } },
  }
})
