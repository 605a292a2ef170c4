import { code, list, note, text, type View } from '../../view.ts'

/** What whoever set a channel up is told when it is lost to AutoCo: why, and how to have it back. */
export function retiredView(data: {
  channel: string
  reason: string | undefined
  daos: readonly { slug: string; name: string; address: string }[]
}): View {
  const { channel, reason, daos } = data
  return {
    title: 'AutoCo can no longer post in a channel of yours',
    tone: 'bad',
    body: [
      text('In the channel ', code(channel), ` nothing is posted any more. ${reason ?? usualReason}`),
      text('To have it back, let AutoCo in again, and type there:'),
      list(...daos.map(({ name, address, slug }) => [`${name}: `, code(`/watch ${address} ${slug}`)])),
      note('Digests of this channel were ended too; set them up again there.'),
    ],
  }
}

const usualReason = 'It was deleted, or AutoCo was removed from it or may no longer write there.'
