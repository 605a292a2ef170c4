import { RetryableError } from '../../core/index.ts'

/** Slack: one message a second in a channel with short bursts, “several hundred a minute” in a workspace; what it answers counts more. */
const channelMs = 1_000
const channelBurst = 3
const workspacePerSecond = 9.8
const workspaceBurst = 20
/** A wait this short is waited here; a longer one is given back, so that no other channel waits along. */
const shortMs = 300

export type Pace = {
  /** Waits for the turn of this channel, or throws RetryableError with how long that takes. */
  turn(team: string, channel: string): Promise<void>
  /** Slack asked to wait: the channel does, and the workspace too when it was not the channel's own haste. */
  hold(team: string, channel: string, ms: number): void
}

export function createPace(now: () => number = () => performance.now()): Pace {
  const channels = new Map<string, number>()
  const workspaces = new Map<string, { next: number; refused: { channel: string; until: number } | undefined }>()
  const workspaceOf = (team: string) => {
    const known = workspaces.get(team) ?? { next: 0, refused: undefined }
    workspaces.set(team, known)
    return known
  }
  return {
    async turn(team, channel) {
      const key = `${team}/${channel}`
      const at = now()
      const workspace = workspaceOf(team)
      const gap = 1_000 / workspacePerSecond
      const mine = Math.max(channels.get(key) ?? 0, at - (channelBurst - 1) * channelMs)
      const ours = Math.max(workspace.next, at - workspaceBurst * gap)
      const waitMs = Math.max(mine, ours) - at
      if (waitMs > shortMs) throw new RetryableError('Slack takes one message at a time.', { afterMs: waitMs })
      channels.set(key, mine + channelMs)
      workspace.next = ours + gap
      if (channels.size > 10_000) for (const [name, until] of channels) if (until < at) channels.delete(name)
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    },
    hold(team, channel, ms) {
      const until = now() + ms
      channels.set(`${team}/${channel}`, until)
      const workspace = workspaceOf(team)
      const isWide = workspace.refused && workspace.refused.channel !== channel && workspace.refused.until > now()
      if (isWide) workspace.next = Math.max(workspace.next, until)
      workspace.refused = { channel, until }
    },
  }
}
