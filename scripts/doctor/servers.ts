import type { Config } from '../../core/config.ts'
import { bad, note, ok, reason, type Finding } from './finding.ts'

const patienceMs = 8_000

const ask = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(patienceMs) })

/** The signing pages as people reach them; AutoCo has to run for that. */
export async function checkPublicUrl(config: Config): Promise<Finding[]> {
  if (!config.PUBLIC_URL) {
    const words = `is not set: pages are at http://${config.HOST}:${config.PORT}, for this machine only`
    return [
      config.RPC_URL
        ? note('PUBLIC_URL', words, 'Set it to the address that people can reach.')
        : ok('PUBLIC_URL', words),
    ]
  }
  try {
    const response = await ask(new URL('/healthz', config.PUBLIC_URL).href)
    const answer: unknown = await response.json().catch(() => undefined)
    if (response.ok && (answer as { status?: string } | undefined)?.status === 'ok')
      return [ok('PUBLIC_URL', 'leads to AutoCo')]
    return [
      bad(
        'PUBLIC_URL',
        `something else answers there (${response.status})`,
        `Let the proxy pass everything to http://${config.HOST}:${config.PORT}.`,
      ),
    ]
  } catch (error) {
    return [
      bad(
        'PUBLIC_URL',
        `cannot be reached (${reason(error)})`,
        'Start AutoCo (npm start), and look at DNS, certificate and proxy.',
      ),
    ]
  }
}

export async function checkModel(config: Config): Promise<Finding[]> {
  if (!config.AI_BASE_URL) return [ok('AI_BASE_URL', 'is not set: summaries are extracts')]
  const headers: Record<string, string> = config.AI_API_KEY ? { authorization: `Bearer ${config.AI_API_KEY}` } : {}
  try {
    const response = await ask(`${config.AI_BASE_URL.replace(/\/$/, '')}/models`, headers)
    if (response.status === 401 || response.status === 403)
      return [bad('AI_API_KEY', `is refused (${response.status})`, 'Put the right key there.')]
    if (!response.ok)
      return [
        note('AI_BASE_URL', `answers, but has no list of models (${response.status})`, 'It may work all the same.'),
      ]
    const list = (await response.json().catch(() => undefined)) as { data?: { id?: string }[] } | undefined
    const names = list?.data?.map(({ id }) => id) ?? []
    if (names.length > 0 && !names.some((name) => name === config.AI_MODEL || name?.startsWith(`${config.AI_MODEL}:`)))
      return [bad('AI_MODEL', `${config.AI_MODEL} is not offered`, `The server has: ${names.slice(0, 8).join(', ')}`)]
    return [ok('AI_BASE_URL', `answers and has ${config.AI_MODEL}`)]
  } catch (error) {
    return [
      bad(
        'AI_BASE_URL',
        `does not answer (${reason(error)})`,
        'Is the server running? Until then summaries are extracts.',
      ),
    ]
  }
}

export async function checkDiscussions(config: Config): Promise<Finding[]> {
  return await Promise.all(
    config.DISCUSSION_HOSTS.map(async (host): Promise<Finding> => {
      try {
        const response = await ask(`https://${host}/site/basic-info.json`)
        if (response.ok) return ok('DISCUSSION_HOSTS', `${host} is a Discourse forum`)
        return note(
          'DISCUSSION_HOSTS',
          `${host} answers ${response.status}`,
          'Is it a Discourse forum that anyone may read?',
        )
      } catch (error) {
        return bad('DISCUSSION_HOSTS', `${host} cannot be reached (${reason(error)})`, 'Is the name right?')
      }
    }),
  )
}
