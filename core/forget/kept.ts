import type { Database } from '../db/tables/schema.ts'

/** What stays of a person who was forgotten, and why. */
export const kept: Readonly<Partial<Record<keyof Database, string>>> = {
  approval: 'A signed approval by a wallet: the chain holds it too.',
  delegation: 'A signed delegation by a wallet: the chain holds it too.',
  paper_ballot: 'A signed answer by a wallet: the chain holds it too.',
  playground_message: 'The embedded world has no strangers in it.',
  poll: 'Who opened it on the chain.',
  power_move: 'What a token said on the chain.',
  proposal: 'Who proposed it on the chain.',
  role_holder: 'Goes with the role, which the next round takes back.',
  spell: 'Who wrote it on the chain.',
  vote: 'What a wallet voted on the chain.',
  workspace: 'Who installed AutoCo for a whole workspace; goes when it is uninstalled.',
}
