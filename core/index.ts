/** The one face of core: whatever a platform may import. */
export { forget, hear, type Said } from './chat/hear.ts'
export type { CallHappening, Happening } from './chat/happening.ts'
export { createInbox, type Inbox } from './chat/inbox.ts'
export { moveChannel } from './chat/move.ts'
export { retireChannel } from './chat/retire.ts'
export { summarizeThread, type ThreadMessage } from './chat/thread.ts'
export { countWorkspaces, dropWorkspace, findWorkspace, keepWorkspace } from './chat/workspaces.ts'
export { acceptSent, acceptSigned } from './actions/accept.ts'
export { actionAsked, actionPage } from './actions/page.ts'
export { acceptBallot } from './ballots/accept.ts'
export { acceptDelegation, delegationPage, delegationState, delegationTypedData } from './ballots/delegate.ts'
export { ballotPage, ballotTypedData } from './ballots/page.ts'
export { choosePaper, paperPage } from './polls/page.ts'
export { findReceipt, type Receipt } from './ballots/receipt.ts'
export { createApp, type App } from './app.ts'
export { usage, type AnyCommand, type Arg, type Choice, type Parsed } from './command.ts'
export type { PlaygroundMessageRow as PlaygroundMessage } from './db/tables/chat.ts'
export { parseConfig, type Config } from './config.ts'
export type { Context } from './context.ts'
export { RetryableError, UserError } from './errors.ts'
export { proposalPage } from './governance/proposal-page.ts'
export { linkMessage, proveLink } from './identity/link.ts'
export { signRegistration } from './identity/registration.ts'
export { acceptLaunch, beginLogin, finishLogin } from './identity/prove-account.ts'
export { openTicket } from './identity/ticket.ts'
export { adoptCard, openCards, type OpenCard } from './governance/jobs/open-cards.ts'
export type { Answer, Host, Platform } from './host.ts'
export { incident } from './log.ts'
export { pageUrl } from './origin.ts'
export { createPace, type Pace } from './pace.ts'
export { bar, cut, safeUrl, shortAddress, timeWords, txUrl } from './plain.ts'
export { mayMessage } from './reminders/consent.ts'
export {
  GoneError,
  has,
  privateChannel,
  type AsksFirst,
  type Call,
  type Caller,
  type Channel,
  type ChecksChannels,
  type GivesRoles,
  type MessageRef,
  type ProvedAccount,
  type ProvesAccounts,
  type ProvesLaunches,
  type Serves,
  type Tells,
} from './platform.ts'
export { problemView } from './problem.ts'
export { note, viewJson, type Action, type Block, type Inline, type TallyRow, type Text, type View } from './view.ts'
