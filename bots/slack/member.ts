import type { Caller, Channel } from '../../core/index.ts'
import { placeOf, type Clients } from './post.ts'
import { problemOf, type SlackFault } from './problem.ts'

const invite = 'membership of the channel: type /invite @AutoCo there'

/** Who runs the workspace or made the channel; in a private conversation everybody is their own. */
export async function isManager(
  clients: Clients,
  { workspace, user }: Pick<Caller, 'workspace' | 'user'>,
  { id }: Channel,
): Promise<boolean> {
  if (id.startsWith('@') || placeOf(id).channel.startsWith('D')) return true
  try {
    const client = await clients(workspace)
    const { user: about } = await client.users.info({ user })
    if (about?.is_admin || about?.is_owner) return true
    const { channel } = await client.conversations.info({ channel: placeOf(id).channel })
    return channel?.creator === user
  } catch (cause) {
    throw problemOf(cause)
  }
}

/** What AutoCo lacks in a channel. */
export async function missingIn(clients: Clients, { id }: Channel): Promise<string[]> {
  if (id.startsWith('@')) return []
  const { team, channel: wanted } = placeOf(id)
  try {
    const { channel } = await (await clients(team)).conversations.info({ channel: wanted })
    if (channel?.is_archived) return ['a channel that is not archived']
    return channel?.is_member || channel?.is_im ? [] : [invite]
  } catch (cause) {
    if ((cause as SlackFault).data?.error === 'channel_not_found') return [invite]
    throw problemOf(cause)
  }
}
