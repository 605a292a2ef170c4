import type { Config, Platform } from '../../core/index.ts'

/** Each platform's library is read only where its token is set. */
const known: readonly { isOn: (config: Config) => boolean; create: (config: Config) => Promise<Platform> }[] = [
  {
    isOn: (config) => config.DISCORD_TOKEN !== undefined,
    create: async (config) => (await import('../discord/index.ts')).createDiscord(config),
  },
  {
    isOn: (config) => config.TELEGRAM_TOKEN !== undefined,
    create: async (config) => (await import('../telegram/index.ts')).createTelegram(config),
  },
  {
    isOn: (config) => (config.SLACK_APP_TOKEN ?? config.SLACK_SIGNING_SECRET) !== undefined,
    create: async (config) => (await import('../slack/index.ts')).createSlack(config),
  },
]

export const loadPlatforms = (config: Config): Promise<Platform[]> =>
  Promise.all(known.filter(({ isOn }) => isOn(config)).map(({ create }) => create(config)))
