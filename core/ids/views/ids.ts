import type { IdFacts, IdRecord, VotingKey } from '../read.ts'
import {
  address,
  code,
  fields,
  heading,
  list,
  note,
  open,
  quote,
  run,
  strong,
  text,
  time,
  type Action,
  type Block,
  type Inline,
  type View,
} from '../../view.ts'

const mostShown = 12

const ends: Record<NonNullable<IdRecord['ended']>, string> = {
  revoked: 'its issuer revoked it',
  deactivated: 'its controller ended it',
  expired: 'its time is over',
}

/** An Auto ID: who is behind it, who vouches for it, and what may act for it. `isOwn`: the reader controls it. */
export function idView(id: IdFacts, { isOwn, isIssuer }: { isOwn: boolean; isIssuer: boolean }): View {
  return {
    title: `Auto ID ${id.id}`,
    tone: id.isLive ? 'good' : 'bad',
    body: [
      text(
        strong(id.isLive ? 'It is live.' : 'It is not live:'),
        ...(id.isLive ? [] : [` ${whyWords(id)}. What it signs counts no more.`]),
      ),
      fields({
        Kind: id.kind,
        Controller: address(id.controller),
        'Valid until': id.validUntil === 0 ? 'no end' : time(id.validUntil, 'datetime'),
        Issuer:
          id.issuers.length === 0 ? 'none: it stands for itself' : `${id.issuers[0]?.id} (${id.issuers[0]?.kind})`,
        Certificate: id.certificate && id.kind !== 'agent' ? code(id.certificate) : undefined,
      }),
      ...(id.issuers.length > 1 ? [text('Behind it: ', ...id.issuers.flatMap(issuerWords))] : []),
      ...(id.rotation ? [text(...rotationWords(id.rotation))] : []),
      ...keyBlocks(id.keys),
      ...scoreBlocks(id.scores),
      ...(id.kind === 'agent' ? mandateBlocks(id) : []),
    ],
    actions: actionsOf(id, { isOwn, isIssuer }),
  }
}

function whyWords({ ended, issuers }: IdFacts): string {
  if (ended) return ends[ended]
  const issuer = issuers.find((each) => each.ended)
  return issuer?.ended
    ? `Auto ID ${issuer.id}, which it rests on, has ended (${ends[issuer.ended]})`
    : 'the registry says so'
}

const issuerWords = ({ id, kind, controller }: IdRecord, at: number): Inline[] => [
  `${at > 0 ? ', issued by ' : ''}${id} (${kind}) `,
  address(controller),
]

function mandateBlocks({ mandate, certificate, issuer }: IdFacts): Block[] {
  return [
    heading(`Its mandate, from Auto ID ${issuer}`),
    ...(mandate === undefined
      ? [text('The chain holds only its hash, and its words are not known here: ', code(certificate ?? 'none'))]
      : [quote(mandate), note('Its hash is what the chain holds.')]),
  ]
}

const rotationWords = ({ to, at }: NonNullable<IdRecord['rotation']>): Inline[] => [
  strong('It moves to another wallet: '),
  address(to),
  ', from ',
  time(at, 'datetime'),
  ' on. Until then its controller or its issuer can take that back.',
]

function keyBlocks(keys: VotingKey[] | undefined): Block[] {
  if (keys === undefined) return [note('This node does not list its voting keys.')]
  if (keys.length === 0) return []
  return [
    heading('Keys that may vote for it'),
    list(
      ...keys
        .slice(0, mostShown)
        .map(({ key, scope, expiry }): Inline[] => [
          address(key),
          ...(scope ? [' in ', address(scope)] : [' everywhere']),
          ' until ',
          time(expiry, 'datetime'),
        ]),
    ),
  ]
}

function scoreBlocks(scores: IdFacts['scores']): Block[] {
  if (!scores || scores.length === 0) return []
  return [
    heading('What organisations say of it'),
    list(
      ...scores
        .slice(0, mostShown)
        .map(({ attestor, topic, score }): Inline[] => [`${topic}: ${score} of 100, says Auto ID ${attestor}`]),
    ),
  ]
}

function actionsOf(
  { id, isLive, rotation }: IdFacts,
  { isOwn, isIssuer }: { isOwn: boolean; isIssuer: boolean },
): Action[] {
  return [
    ...(isOwn && isLive ? [run('Add an agent', 'id-agent'), run('Add a voting key', 'id-key')] : []),
    ...(isOwn && rotation ? [run('Take the move back', `id-rotate cancel ${id}`)] : []),
    ...(isOwn && isLive
      ? [run('Move to another wallet', 'id-rotate'), run('End it', `id-deactivate ${id}`, 'danger')]
      : []),
    ...(isIssuer && isLive ? [run('Revoke it', `id-revoke ${id}`, 'danger')] : []),
  ]
}

/** What a person is about to sign for an Auto ID, in words; `isForEver` names what nobody can take back. */
export function idActView(data: {
  title: string
  words: readonly string[]
  mandate?: string | undefined
  isForEver: boolean
  url: string
  expiresAt: number
  label: string
}): View {
  const { title, words, mandate, isForEver, url, expiresAt, label } = data
  return {
    title,
    ...(isForEver ? { tone: 'bad' as const } : {}),
    body: [
      ...words.map((sentence) => text(sentence)),
      ...(mandate === undefined ? [] : [heading('The mandate'), quote(mandate)]),
      ...(isForEver ? [text(strong('This cannot be undone.'), ' A number that has ended is never given again.')] : []),
      note('The page expires ', time(expiresAt), '.'),
    ],
    actions: [open(label, url, isForEver ? 'danger' : 'primary')],
  }
}
