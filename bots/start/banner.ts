import type { Config } from '../../core/config.ts'

/** One block that says where to go on. */
export function banner(params: {
  config: Pick<Config, 'PUBLIC_URL' | 'DATABASE_URL'>
  url: string
  home: string
  logFile: string | undefined
  isEmbedded: boolean
  rpcUrl: string | undefined
  /** What each chat platform can and cannot do. */
  notes: readonly string[]
}): string {
  const { config, url, home, logFile, isEmbedded, rpcUrl, notes } = params
  const lines = [
    `  Open      ${config.PUBLIC_URL ?? url}`,
    ...(rpcUrl ? [`  Chain     ${rpcUrl} (chain id 31337), a play chain on this machine`] : []),
    ...(isEmbedded || !config.DATABASE_URL ? [`  Data      ${home}`] : []),
    ...(logFile ? [`  Log       ${logFile}`] : []),
    '  Stop      Ctrl-C; everything is still there next time',
    ...(notes.length > 0 ? ['', ...notes.map((note) => `  ${note}`)] : []),
    ...(isEmbedded ? ['', '  The keys of the test wallets are public. Never send them anything of value.'] : []),
  ]
  return `\n  AutoCo is running.\n\n${lines.join('\n')}\n`
}
