import type { View } from '../../core/view.ts'
import { daoSettings } from '../../core/dao/settings.ts'
import { previewOf } from '../../core/dao/preview.ts'
import { actionView } from '../../core/actions/views/action.ts'
import { approveView } from '../../core/nomic/views/approve.ts'
import { auditView } from '../../core/settings/views/audit.ts'
import { ballotPageView } from '../../core/ballots/views/ballot-page.ts'
import { ballotView } from '../../core/ballots/views/ballot.ts'
import { daoDraftView } from '../../core/dao/views/dao-draft.ts'
import { delegateCardView, delegatesView, statementView } from '../../core/delegates/views/delegates.ts'
import { stepView } from '../../core/mesh/views/challenge-step.ts'
import { challengeCard, challengesView, challengeView } from '../../core/mesh/views/challenge.ts'
import { digestEndedView, digestSetUpView, digestView } from '../../core/digest/views/digest.ts'
import { draftOpenView, draftsView, draftView } from '../../core/drafts/views/draft.ts'
import { homeView } from '../../core/home/views/home.ts'
import { whoamiView } from '../../core/home/views/whoami.ts'
import { erasedView, eraseQuestionView } from '../../core/forget/views/erase.ts'
import { linkedView, linkNoticeView, linkView, strangerView, unlinkedView } from '../../core/identity/views/identity.ts'
import { idActView, idView } from '../../core/ids/views/ids.ts'
import { lifeEventView } from '../../core/governance/views/life-event.ts'
import { actView } from '../../core/mesh/views/mesh-act.ts'
import { meshView } from '../../core/mesh/views/mesh.ts'
import { nomicView } from '../../core/nomic/views/nomic.ts'
import { pollCard, pollResult, pollView } from '../../core/polls/views/poll.ts'
import { answerView, pollsView } from '../../core/polls/views/polls.ts'
import { passagesView } from '../../core/ask/views/passages.ts'
import { planFaultsView, planView } from '../../core/mesh/views/plan.ts'
import { powerMoveView } from '../../core/governance/views/power-moves.ts'
import { powerView } from '../../core/governance/views/power.ts'
import { problemView } from '../../core/problem.ts'
import { decidedWords, dueWords } from '../../core/governance/views/proposal-digest.ts'
import { proposalCard, proposalView } from '../../core/governance/views/proposal.ts'
import { noProposalsView, proposalsView } from '../../core/governance/views/proposals.ts'
import { receiptsView, receiptView } from '../../core/ballots/views/receipt.ts'
import { reminderView } from '../../core/reminders/views/reminder.ts'
import { remindersView } from '../../core/reminders/views/reminders.ts'
import { resultView } from '../../core/mesh/views/result.ts'
import { retiredView } from '../../core/chat/views/retired.ts'
import { revealView } from '../../core/mesh/views/reveal.ts'
import { roleProblemView, rolesView } from '../../core/roles/views/roles.ts'
import { settingsView } from '../../core/settings/views/settings.ts'
import { taskView } from '../../core/mesh/views/task.ts'
import { spellDraftView } from '../../core/nomic/views/spell-draft.ts'
import { spellEventView } from '../../core/nomic/views/spell-event.ts'
import { spellsView } from '../../core/nomic/views/spells.ts'
import { spellCard, spellView } from '../../core/nomic/views/spell.ts'
import { quietThreadView, threadSummaryView } from '../../core/chat/views/thread-summary.ts'
import { inLanguage } from '../../core/words/language.ts'
import { unwatchView, watchView } from '../../core/listen/views/watch.ts'
import { challengeOf } from './challenge.ts'
import { other, page, recordOf } from './record.ts'
import { myVotes } from '../../core/ballots/views/my-votes.ts'
import {
  at,
  autoId,
  ballot,
  challenge,
  chief,
  delegate,
  draft,
  evil,
  hash,
  homeLine,
  listed,
  many,
  mine,
  money,
  moves,
  newDao,
  novel,
  pollRecord,
  record,
  row,
  second,
  settings,
  spellRecord,
  spellRow,
  summary,
  taskOf,
  url,
  wallet,
  when,
} from './screen-data.ts'

/** Every screen of AutoCo, made by its own view function from rows that somebody who means harm has filled. */
export const screens: Record<string, View> = {
  'proposal card': proposalCard({ record: record('active', { stage: 'ending' }), page }),
  'proposal in blocks': proposalCard({
    record: { ...record('pending'), opens: when, ends: { at: undefined, block: '99' } },
    page,
  }),
  'proposal queued': proposalCard({ record: { ...record('queued', { final: true }), eta: second }, page }),
  'proposal taken back': proposalCard({ record: record('active', { orphaned_at: at }), page }),
  'proposal whole': proposalView({
    record: record('active'),
    page,
    paragraphs: many(40, () => ({ text: novel })),
    mine: myVotes(mine, 'nomic-3'),
  }),
  proposals: proposalsView({ dao: row, open: many(30, (index) => listed(index * 2)), recent: many(30, listed) }),
  'no proposals': noProposalsView(row),
  passages: passagesView({ ref: 'nomic-3', page, passages: summary.sources }),
  'nothing found': passagesView({ ref: 'nomic-3', page, passages: [] }),
  'life event': lifeEventView('ending', { record: record('active', { stage: 'ending' }), page }),
  'life event taken back': lifeEventView('executed', { record: record('active'), page }),
  power: powerView({
    dao: row,
    proposal: { ref: 'nomic-3', title: novel },
    power: { symbol: evil, decimals: 18, timepoint: BigInt(second), isSnapshot: true, wallets: many(6, wallet) },
  }),
  'ballot page': ballotPageView({
    url,
    expiresAt: second,
    proposal: { ref: 'nomic-3', title: novel, deadline: String(second), dao: { name: evil, clock: 'timestamp' } },
    support: 1,
    reason: novel,
    wallets: many(8, wallet),
    token: money,
    mine,
  }),
  'ballot counted': ballotView({ ...ballot, state: 'counted' }),
  'ballot refused': ballotView({ ...ballot, state: 'refused', reasonCode: 'unknown' }),
  'ballot delayed': ballotView({ ...ballot, state: 'accepted', block: undefined, delayed: true, tx: undefined }),
  receipt: receiptView(
    {
      id: hash,
      proposal: { ref: 'nomic-3', title: novel, dao: evil, deadline: String(second), clock: 'timestamp' },
      voter: other,
      choice: 'For',
      reason: novel,
      weight: '1',
      power: `1 ${evil}`,
      state: 'final',
      steps: 'Signed → sent → counted in block 12 → final',
      words: 'Nothing can take it back any more.',
      tx: hash,
      block: '12',
      acceptedAt: second,
    } as never,
    url,
  ),
  receipts: receiptsView(
    many(20, () => ({ ...ballot, state: 'final' as const, acceptedAt: second, platform: 'slack' })),
  ),
  link: linkView({ url: 'https://vote.example.org/l/ticket', expiresAt: second }),
  linked: linkedView({ wallet: other, merged: true, wallets: 2, accounts: 3 }),
  'link notice': linkNoticeView({ wallet: other, platform: 'telegram', name: novel }),
  stranger: strangerView,
  unlinked: unlinkedView({ wallet: other, person: undefined } as never),
  whoami: whoamiView({
    accounts: many(12, (index) => ({ platform: 'slack', name: evil, user_id: `U${index}`, proof: 'code' })) as never,
    wallets: many(9, () => ({
      address: other,
      verified: 'erc6492',
      linkedAt: second,
      autoId: { id: 7n, kind: 'person' },
    })) as never,
    ballots: 12,
    recent: [],
  }),
  'erase question': eraseQuestionView,
  erased: erasedView({ accounts: 1, wallets: 2 }),
  home: homeView({
    wallets: 2,
    waiting: many(20, homeLine),
    voted: many(20, homeLine),
    challenges: [],
    power: many(3, () => ({ dao: evil, votes: `12,500 ${evil}` })),
    ballots: many(5, (index) => ({ id: hash, ref: `nomic-${index}`, state: 'final', block: '12' })),
  }),
  reminder: reminderView({
    proposal: { ref: 'nomic-3', title: novel, deadline: String(second), dao: { name: evil, clock: 'timestamp' } },
  }),
  'reminder voted': reminderView({
    proposal: { ref: 'nomic-3', title: novel, deadline: '99', dao: { name: evil, clock: 'blocknumber' } },
    ended: 'voted',
  }),
  reminders: remindersView({ said: undefined, isLinked: false, ref: 'nomic-3', until: second * 1_000 }),
  digest: digestView({
    facts: {
      daos: many(9, () => row),
      due: many(10, (index) => ({
        ref: record('active').proposal.ref,
        line: `proposal ${record('active').proposal.ref}`,
        isNew: index % 2 === 0,
        words: dueWords(record('active'), page),
        label: record('active').summary?.label,
      })),
      decided: many(10, () => ({
        ref: record('executed').proposal.ref,
        line: `proposal ${record('executed').proposal.ref}`,
        isNew: false,
        words: decidedWords(record('executed'), page),
      })),
      tasks: [],
      power: many(3, () => ({ dao: row, token: money, supply: 10n ** 24n, quorum: 10n ** 23n, moves })),
      more: { due: 4, decided: 3, tasks: 0 },
    },
    since: at,
    zone: 'Asia/Tokyo',
  }),
  'digest set up': digestSetUpView(
    {
      platform: 'slack',
      channel: 'T1/C1',
      server: null,
      daos: null,
      sections: ['due', 'decided', 'power'],
      said: 'Mon 9:00',
      cron: '0 9 * * 1',
      zone: 'Europe/Berlin',
      created_by: '@T1/U1',
      created_at: at,
      last_at: at,
      next_at: at,
      skip_next: true,
    } as never,
    [row],
  ),
  'digest ended': digestEndedView,
  'power moved': powerMoveView({
    dao: { name: evil, slug: 'nomic' },
    token: money,
    supply: 10n ** 24n,
    moves,
    tx: hash,
  }),
  settings: settingsView({ whole: settings, daos: many(12, () => ({ dao: row, settings })), dao: undefined }),
  'settings of a DAO': settingsView({ whole: settings, daos: [{ dao: row, settings }], dao: row }),
  'audit log': auditView({
    rows: many(30, () => ({ at, name: evil, user_id: 'U1', event: 'settings', channel: 'C2', detail: novel })) as never,
    channel: { platform: 'discord', id: 'C1', server: 'G1' },
  }),
  retired: retiredView({ channel: 'C1', reason: 'It was deleted.', daos: many(9, () => row) }),
  roles: rolesView(
    many(9, (index) => ({
      role: `${index}`,
      name: evil,
      kind: 'power',
      dao: 'nomic',
      atLeast: '5',
      holders: index,
      problem: index === 0 ? null : evil,
    })),
  ),
  'role problem': roleProblemView({ role: '1', server: '2', problem: evil }),
  watched: watchView({
    dao: row,
    probe: { kind: 'oz5', works: many(6, () => evil), limits: many(6, () => evil) } as never,
    isNew: true,
    isSubscribed: true,
  }),
  unwatched: unwatchView({ dao: row, wasWatched: true }),
  'thread summary': threadSummaryView(summary, { isWhole: false }),
  'quiet thread': quietThreadView,
  'proposal card in French': inLanguage(proposalCard({ record: recordOf({}), page }), {
    zone: 'Europe/Paris',
    lang: 'fr',
  }),
  action: actionView({
    title: evil,
    wallet: other,
    rows: many(9, (index) => ({ label: `Row ${index}`, value: evil })),
    next: [{ label: evil, run: 'watch 0x' }],
    steps: many(4, (index) => ({
      label: evil,
      kind: index === 0 ? 'sign' : 'send',
      state: (['done', 'sent', 'failed', 'open'] as const)[index] ?? 'open',
      reason: evil,
      block: '12',
      tx: hash,
    })),
  }),
  'a DAO in the making': daoDraftView({
    plan: newDao,
    preset: evil,
    settings: Object.entries(daoSettings).map(([name, { label, show }]) => ({ name, label, value: show(newDao) })),
    warnings: many(6, () => evil),
    preview: previewOf(newDao, second),
  }),
  draft: draftView(draft({})),
  'draft on chain': draftView(draft({ ref: 'nomic-3', proposer: { wallet: other, weight: 2n, needed: 1n } })),
  drafts: draftsView(many(20, (index) => ({ id: String(index), title: novel, dao: evil }))),
  'no drafts': draftsView([]),
  'draft opens': draftOpenView({ title: novel, wallet: other, url, expiresAt: second }),
  delegates: delegatesView({ dao: row, token: money, delegates: many(15, delegate) }),
  'no delegates': delegatesView({ dao: row, token: money, delegates: [] }),
  'delegate card': delegateCardView({
    dao: row,
    token: money,
    weight: delegate(1),
    statement: novel,
    participation: delegate(1).participation,
    votes: many(8, (index) => ({
      ref: 'nomic-3',
      title: novel,
      state: 'executed' as const,
      support: (index % 3) as 0 | 1 | 2,
      weight: 10n ** 24n,
      hasReason: index % 2 === 0,
    })),
    weights: many(8, () => ({ at: second, weight: 10n ** 24n })),
  }),
  statement: statementView({ dao: row, wallet: other, text: novel }),
  'Auto ID': idView(autoId, { isOwn: true, isIssuer: true }),
  'act of an Auto ID': idActView({
    title: evil,
    words: [novel, novel],
    mandate: novel,
    isForEver: true,
    url,
    expiresAt: second,
    label: evil,
  }),
  'challenge in work': challengeCard(challenge),
  'challenge that looks for a plan': challengeView(challengeOf(novel, 'planning')),
  'challenge taken back': challengeCard({ ...challenge, gone_at: at }),
  challenges: challengesView({
    global: { name: evil },
    challenges: many(10, (index) => ({
      ref: `global-${index}`,
      title: novel,
      state: 'funding' as const,
      until: second,
      money: `100 ${evil}`,
    })),
  }),
  'step of a challenge': stepView(challenge, {
    name: 'Objected',
    args: { task: 2n, objector: other, reason: novel, commitUntil: second },
    gone_at: null,
  })!,
  plan: planView(challengeOf(novel, 'planning'), challenge.story.plans[0]!),
  'plan with faults': planFaultsView(challenge, { summary: novel, tasks: [], faults: many(60, () => novel) }),
  'task in bidding': taskView(taskOf(1), 0),
  'task in dispute': taskView(taskOf(6), 0),
  'rating to be shown': revealView(challenge, { task: 6, kind: 'rating', isDue: true }),
  'result of a challenge': resultView(challenge),
  'DAOs of the Global DAO': meshView({ global: challenge.global, daos: challenge.daos, domains: challenge.domains }),
  'act of a DAO': actView({
    title: evil,
    words: novel,
    rows: { Work: novel },
    page: { url, expiresAt: second, isProposal: true },
    decides: novel,
    isTooSlow: true,
  }),
  'the Nomic DAO': nomicView({
    dao: row,
    token: money,
    chief,
    hat: spellRow(9),
    margin: -(10n ** 20n),
    spells: many(15, spellRow),
    mine: many(3, (index) => ({
      wallet: other,
      locked: 10n ** 21n,
      free: BigInt(index),
      approves: many(5, () => evil),
      waiting: index === 0,
    })),
  }),
  'the Nomic DAO asleep': nomicView({
    dao: row,
    token: money,
    chief: { ...chief, live: false },
    hat: undefined,
    margin: undefined,
    spells: [],
    mine: [],
  }),
  spells: spellsView({ dao: row, token: money, open: many(15, spellRow), over: many(8, spellRow) }),
  'spell card': spellCard(spellRecord(0)),
  'spell of a stranger': spellCard(spellRecord(1)),
  'spell taken back': spellCard({ ...spellRecord(0), spell: { ...spellRow(0), orphaned_at: at } }),
  'spell whole': spellView(spellRecord(2)),
  'spell step': spellEventView('castable', spellRecord(2)),
  'spell draft': spellDraftView({
    ...spellRecord(0),
    url,
    title: novel,
    address: other,
    expiration: second,
    officeHours: true,
    drops: undefined,
    problems: many(20, () => evil),
  }),
  approve: approveView({
    wallet: other,
    locked: 10n ** 21n,
    token: money,
    now: [evil],
    options: many(2, (index) => ({ label: evil, spells: many(5, () => evil), url, keepsHat: index === 0 })),
    hat: { label: evil, margin: 10n ** 20n },
    expiresAt: second,
    others: 2,
  }),
  'poll card': pollCard(pollRecord(2)),
  'poll upcoming': pollCard(pollRecord(0, { state: 'upcoming', verdict: null })),
  'poll weighing': pollCard(pollRecord(1, { state: 'weighing', verdict: null })),
  'poll taken back': pollCard(pollRecord(0, { orphaned_at: at })),
  'poll whole': pollView(pollRecord(2)),
  'poll closed': pollView(pollRecord(1, { state: 'closed', winner: 0, verdict: 'tie' })),
  'poll result': pollResult(pollRecord(2, { state: 'closed' })),
  polls: pollsView({
    dao: row,
    live: many(24, (index) => pollRecord(index)),
    over: many(8, (index) => pollRecord(index, { state: 'closed' })),
  }),
  'polls to answer': answerView({
    polls: many(24, (index) => pollRecord(index).poll),
    typed: evil,
    closes: second,
    url,
    expiresAt: second,
  }),
  'our fault': problemView({ message: evil, hint: '/help', incident: '1234abcd' }),
}
