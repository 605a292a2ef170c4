import { countText, type BlockKit } from './block-kit.ts'
import { refuse } from './refusal.ts'
import { newTs, type Block, type Json, type Message, type State, word } from './state.ts'

export type Content = { text?: string; blocks?: Block[]; attachments?: Json[]; metadata?: Json }

/** What a message says, judged as Slack judges it. */
export function contentOf(state: State, blockKit: BlockKit, args: Json): Content {
  const content: Content = {}
  const markdown = args['markdown_text']
  if (markdown !== undefined && (args['text'] !== undefined || args['blocks'] !== undefined))
    refuse('markdown_text_conflict')
  const text = markdown ?? args['text']
  if (text !== undefined) content.text = word(text)
  if ((content.text ?? '').length > (markdown === undefined ? state.limits.text : 12_000)) refuse('msg_too_long')
  if (args['blocks'] !== undefined) content.blocks = blockKit.message(args['blocks'])
  if (countText(content.blocks) > state.limits.blockText) refuse('msg_blocks_too_long')
  if (args['attachments'] !== undefined) content.attachments = attachmentsOf(blockKit, args['attachments'])
  if (args['metadata'] !== undefined) content.metadata = metadataOf(args['metadata'])
  return content
}

export function isEmpty(content: Content): boolean {
  const { text, blocks, attachments } = content
  return !text?.trim() && !blocks?.length && !attachments?.length
}

export function write(state: State, message: Omit<Message, 'ts'>): Message {
  const written = { ...message, ts: newTs(state) }
  state.messages.push(written)
  return written
}

function attachmentsOf(blockKit: BlockKit, attachments: unknown): Json[] {
  if (!Array.isArray(attachments)) refuse('invalid_attachments')
  if (attachments.length > 100) refuse('too_many_attachments')
  return (attachments as Json[]).map((each) =>
    each['blocks'] === undefined ? each : { ...each, blocks: blockKit.message(each['blocks']) },
  )
}

function metadataOf(metadata: unknown): Json {
  const { event_type: type, event_payload: payload } = metadata as Json
  if (typeof type !== 'string' || !type || typeof payload !== 'object' || payload === null)
    refuse('invalid_metadata_format')
  if (JSON.stringify(payload).length > 16_000) refuse('metadata_too_large')
  return metadata as Json
}
