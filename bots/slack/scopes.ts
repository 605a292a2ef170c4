/** What AutoCo asks a workspace for, and why: the manifest and the installation are made of it. */
export const scopes = [
  { scope: 'commands', why: 'the command /autoco' },
  { scope: 'chat:write', why: 'to post and edit cards' },
  { scope: 'app_mentions:read', why: 'to answer @AutoCo' },
  { scope: 'channels:read', why: 'to see whether it is in a channel' },
  { scope: 'channels:history', why: 'to hear the threads of proposals, for summaries' },
  { scope: 'groups:read', why: 'the same in private channels' },
  { scope: 'groups:history', why: 'the same in private channels' },
  { scope: 'im:write', why: 'to send receipts and reminders in private' },
  { scope: 'im:history', why: 'to answer there' },
  { scope: 'users:read', why: 'to know who may manage the workspace' },
] as const

export const events = [
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'channel_archive',
  'channel_deleted',
  'channel_left',
  'group_archive',
  'group_deleted',
  'group_left',
  'message.channels',
  'message.groups',
  'tokens_revoked',
] as const

export const shortcuts = [
  { name: 'Open votes', type: 'global', callback_id: 'open_votes', description: 'What waits for your vote' },
  {
    name: 'Summarise this thread',
    type: 'message',
    callback_id: 'summarise',
    description: 'What was said, and by whom, for your eyes alone',
  },
] as const
