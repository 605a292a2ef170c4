import { z } from 'zod'
import { UserError } from './errors.ts'
import { misspelledSettings } from './misspelled.ts'

const url = z.url({ protocol: /^https?$/ })
const list = z.string().transform((value) => value.split(/[\s,]+/).filter(Boolean))
const secret = z.string().min(1).optional()
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max)

type Setting = { schema: z.ZodType; example: string; about: string }
const setting = <S extends z.ZodType>(schema: S, example: string, about: string) => ({ schema, example, about })

/** Every setting, once: the parser, the error texts and `.env.example` come from here. */
export const settings = {
  AUTOCO_HOME: setting(z.string().default('.autoco'), '.autoco', 'Folder of the embedded database and chain'),
  DATABASE_URL: setting(
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
      .optional(),
    'postgres://autoco:secret@db/autoco',
    'PostgreSQL 15 or newer; without it an embedded server runs',
  ),
  RPC_URL: setting(
    url.optional(),
    'https://rpc.example.org',
    'JSON-RPC of the chain; without it an embedded chain runs',
  ),
  CHAIN_ID: setting(
    whole(1, 2 ** 31).optional(),
    '870',
    'Chain id that RPC_URL must answer with (870 Autonomys, 490000 Chronos)',
  ),
  FINALITY_DEPTH: setting(
    whole(0, 10_000).default(12),
    '12',
    'Blocks until a block is final where the chain has no finalized tag',
  ),
  EXPLORER_URL: setting(url.optional(), 'https://explorer.example.org', 'Block explorer, for links to transactions'),
  CONTRACTS_FILE: setting(z.string().optional(), 'deployments/870.json', 'Addresses that npm run deploy recorded'),
  RELAYER_KEY_FILE: setting(
    z.string().optional(),
    '/run/secrets/relayer',
    'File with the relayer key (0x, 64 hex digits), readable by the owner only',
  ),
  PUBLIC_URL: setting(url.optional(), 'https://vote.example.org', 'Address of the signing pages as people reach them'),
  HOST: setting(z.string().default('127.0.0.1'), '127.0.0.1', 'Interface the web server listens on'),
  PORT: setting(whole(0, 65_535).default(4040), '4040', 'Port of the web server'),
  PLAYGROUND: setting(
    z.enum(['on', 'off']).optional(),
    'off',
    'The playground chat; on by default only with the embedded chain',
  ),
  LOG_LEVEL: setting(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    'info',
    'How much is logged',
  ),
  DISCORD_TOKEN: setting(secret, 'MTA…', 'Bot token of the Discord application; without it Discord is off'),
  DISCORD_CLIENT_SECRET: setting(secret, '9f…', 'OAuth2 secret: people prove their Discord account by logging in'),
  DISCORD_MESSAGES: setting(
    z.enum(['on', 'off']).default('off'),
    'on',
    'Discussions are summarised; needs the Message Content intent in the Discord portal',
  ),
  DISCORD_API_URL: setting(
    url.default('https://discord.com/api'),
    'https://proxy.example.org/api',
    'Discord REST base',
  ),
  TELEGRAM_TOKEN: setting(secret, '123456:AA…', 'Bot token from @BotFather; without it Telegram is off'),
  TELEGRAM_API_URL: setting(url.default('https://api.telegram.org'), 'http://127.0.0.1:8081', 'Telegram Bot API root'),
  TELEGRAM_WEBHOOK: setting(
    z.enum(['on', 'off']).default('off'),
    'on',
    'Updates come by webhook to PUBLIC_URL instead of long polling',
  ),
  SLACK_BOT_TOKEN: setting(secret, 'xoxb-…', 'Bot token of the one Slack workspace; or install by OAuth, see below'),
  SLACK_APP_TOKEN: setting(secret, 'xapp-…', 'App token with connections:write: Slack by Socket Mode'),
  SLACK_SIGNING_SECRET: setting(secret, '8f…', 'Signing secret: Slack by HTTP at PUBLIC_URL, without an app token'),
  SLACK_CLIENT_ID: setting(secret, '123.456', 'OAuth client: several workspaces, and people prove their account by it'),
  SLACK_CLIENT_SECRET: setting(secret, 'ab…', 'Secret of SLACK_CLIENT_ID'),
  SLACK_API_URL: setting(url.default('https://slack.com/api/'), 'https://proxy.example.org/api/', 'Slack Web API base'),
  SECRETS_KEY: setting(
    z
      .string()
      .regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits')
      .optional(),
    '64 hex digits, as from: openssl rand -hex 32',
    'Encrypts the tokens of Slack workspaces at rest',
  ),
  AI_BASE_URL: setting(
    url.optional(),
    'http://127.0.0.1:11434/v1',
    'OpenAI-compatible server; without it summaries are extracts',
  ),
  AI_API_KEY: setting(z.string().min(1).optional(), 'sk-…', 'Key for AI_BASE_URL'),
  AI_MODEL: setting(z.string().min(1).optional(), 'llama3.3', 'Model name at AI_BASE_URL'),
  AI_TIMEOUT_MS: setting(whole(1_000, 600_000).default(60_000), '60000', 'Longest wait for one model answer'),
  AI_DAILY_TOKENS: setting(
    whole(0, 1e12).default(1_000_000),
    '1000000',
    'Model tokens a day; then summaries are extracts',
  ),
  DISCUSSION_HOSTS: setting(
    list.default([]),
    'forum.example.org',
    'Discourse hosts whose topics may be read for summaries',
  ),
  RELAY_DAILY_GAS: setting(whole(0, 1e12).default(500_000_000), '500000000', 'Gas a day and DAO that the relayer pays'),
  RELAY_VOTER_BALLOTS: setting(whole(1, 10_000).default(50), '50', 'Ballots a day and voter'),
  RELAY_MIN_WEIGHT: setting(
    z.string().regex(/^\d+$/, 'is not a whole number of base units').default('1'),
    '1',
    'Least weight, in token base units, that is relayed',
  ),
  RELAY_MAX_FEE_GWEI: setting(
    z.coerce.number().positive().default(500),
    '500',
    'Highest fee per gas the relayer offers',
  ),
  RELAY_FLUSH_SECONDS: setting(
    whole(0, 86_400).default(20),
    '20',
    'Longest wait for a batch to fill; 2 with the embedded chain, whose gas costs nothing',
  ),
  RELAY_BATCH_SIZE: setting(whole(1, 400).default(100), '100', 'Ballots in one transaction'),
} satisfies Record<string, Setting>

type Settings = { [K in keyof typeof settings]: z.output<(typeof settings)[K]['schema']> }
/** The deployment's settings, parsed once and frozen. */
export type Config = Readonly<Settings>

/**
 * Reads every setting; one error names every fault, the variable and an example. `inspect` looks further, as into files
 * that settings name; what it is given lacks the settings that are wrong.
 */
export function parseConfig(
  environment: Record<string, string | undefined>,
  inspect: (config: Partial<Config>) => string[] = () => [],
): Config {
  const faults: string[] = []
  const values: Record<string, unknown> = {}
  const embedded: Record<string, string> = environment.RPC_URL?.trim() ? {} : { RELAY_FLUSH_SECONDS: '2' }
  for (const [name, { schema, example }] of Object.entries(settings) as [string, Setting][]) {
    const raw = environment[name]?.trim() || embedded[name]
    const result = schema.safeParse(raw)
    if (result.success) values[name] = result.data
    else faults.push(`${name}: ${result.error.issues[0]?.message ?? 'is not valid'} (example: ${name}=${example})`)
  }
  const config = values as Settings
  faults.push(...crossFaults(config), ...inspect(config), ...misspelledSettings(environment, Object.keys(settings)))
  if (faults.length > 0)
    throw new UserError(`These settings are wrong:\n  ${faults.join('\n  ')}`, {
      hint: 'Mend them and start again; .env.example lists every setting.',
      code: 'config',
    })
  return Object.freeze(config)
}

function crossFaults(config: Partial<Settings>): string[] {
  const faults: string[] = []
  if (config.AI_API_KEY && !config.AI_BASE_URL)
    faults.push('AI_API_KEY is set without AI_BASE_URL (example: AI_BASE_URL=https://api.openai.com/v1)')
  if (config.AI_BASE_URL && !config.AI_MODEL)
    faults.push('AI_BASE_URL is set without AI_MODEL (example: AI_MODEL=llama3.3)')
  if (config.DISCORD_CLIENT_SECRET && !config.DISCORD_TOKEN)
    faults.push('DISCORD_CLIENT_SECRET is set without DISCORD_TOKEN (example: DISCORD_TOKEN=MTA…)')
  if (config.TELEGRAM_WEBHOOK === 'on' && !config.PUBLIC_URL)
    faults.push('TELEGRAM_WEBHOOK=on needs PUBLIC_URL (example: PUBLIC_URL=https://vote.example.org)')
  faults.push(...slackFaults(config))
  if (config.RPC_URL && !config.CONTRACTS_FILE)
    faults.push(
      'RPC_URL is set without CONTRACTS_FILE (example: CONTRACTS_FILE=deployments/870.json, made by npm run deploy)',
    )
  if (config.PUBLIC_URL && new URL(config.PUBLIC_URL).pathname !== '/')
    faults.push('PUBLIC_URL must be an origin without a path (example: PUBLIC_URL=https://vote.example.org)')
  if (
    config.PUBLIC_URL &&
    new URL(config.PUBLIC_URL).protocol === 'http:' &&
    !isLoopback(new URL(config.PUBLIC_URL).hostname)
  )
    faults.push(
      'PUBLIC_URL must be https outside this machine: wallets refuse to sign for plain http (example: PUBLIC_URL=https://vote.example.org)',
    )
  return faults
}

function slackFaults(config: Partial<Settings>): string[] {
  const faults: string[] = []
  const hasTransport = Boolean(config.SLACK_APP_TOKEN ?? config.SLACK_SIGNING_SECRET)
  const hasInstall = Boolean(config.SLACK_CLIENT_ID && config.SLACK_CLIENT_SECRET)
  if (Boolean(config.SLACK_CLIENT_ID) !== Boolean(config.SLACK_CLIENT_SECRET))
    faults.push('SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together (example: SLACK_CLIENT_SECRET=ab…)')
  if (hasTransport && !config.SLACK_BOT_TOKEN && !hasInstall)
    faults.push(
      'Slack needs SLACK_BOT_TOKEN, or SLACK_CLIENT_ID with SLACK_CLIENT_SECRET (example: SLACK_BOT_TOKEN=xoxb-…)',
    )
  if ((config.SLACK_BOT_TOKEN ?? config.SLACK_CLIENT_ID) && !hasTransport)
    faults.push(
      'Slack needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) (example: SLACK_APP_TOKEN=xapp-…)',
    )
  if (hasInstall && !config.SLACK_BOT_TOKEN && !config.SECRETS_KEY)
    faults.push(
      'Installing by OAuth needs SECRETS_KEY, 64 hex digits (example: SECRETS_KEY made by openssl rand -hex 32)',
    )
  return faults
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || host.startsWith('127.')

/** The text of `.env.example`. */
export function environmentExample(): string {
  const rows = (Object.entries(settings) as [string, Setting][]).map(
    ([name, { example, about }]) => `# ${about}\n# ${name}=${example}\n`,
  )
  return `# Generated from core/config.ts. Everything is optional: with no settings at all, AutoCo runs on this machine alone.\n\n${rows.join('\n')}`
}
