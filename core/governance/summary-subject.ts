import type { Channel } from '../platform.ts'

/**
 * Whose summary it is. What was said in a channel is summarised for that channel only: who is not in it must not read it
 * in a card elsewhere. Without a channel it is the public one: the proposal, reasons given on the chain, the forum.
 */
export const summarySubject = (proposalId: string, channel?: Channel): string =>
  channel ? `proposal/${proposalId}/${channel.platform}/${channel.id}` : `proposal/${proposalId}`
