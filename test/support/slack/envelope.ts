export type Envelope = {
  type: 'events_api' | 'slash_commands' | 'interactive'
  /** For the violations: `/autoco`, `block_actions vote`. */
  name: string
  payload: Record<string, unknown>
}
