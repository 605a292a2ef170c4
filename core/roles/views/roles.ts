import type { RuleKind } from '../../db/tables/roles.ts'
import { code, list, note, run, strong, text, type Inline, type View } from '../../view.ts'

export type ShownRule = {
  role: string
  /** The role's name, where the platform still knows it. */
  name: string | undefined
  kind: RuleKind
  dao: string | undefined
  atLeast: string
  holders: number
  problem: string | null
}

/** The roles of a server that AutoCo gives. */
export function rolesView(rules: readonly ShownRule[]): View {
  return {
    title: 'Roles that AutoCo gives here',
    body:
      rules.length === 0
        ? [text('None yet. To give one: ', code('/role'))]
        : [
            list(...rules.map(ruleLine)),
            note(
              'A role is lost below four fifths of what is asked for, or after a week a little below it. It is looked after every hour.',
            ),
          ],
    actions: rules.slice(0, 4).map(({ role, name }) => run(`End ${name ?? role}`.slice(0, 40), `role-off ${role}`)),
  }
}

function ruleLine({ role, name, kind, dao, atLeast, holders, problem }: ShownRule): Inline[] {
  return [
    strong(name ?? role),
    `: ${ruleWords({ kind, dao, atLeast })}; ${holders} linked ${holders === 1 ? 'account' : 'accounts'} by now`,
    ...(problem === null ? [] : ['. ', strong('It does not work: '), problem]),
  ]
}

export function ruleWords({ kind, dao = '', atLeast }: Pick<ShownRule, 'kind' | 'dao' | 'atLeast'>): string {
  if (kind === 'linked') return 'whoever has linked a wallet'
  if (kind === 'power') return `voting power of at least ${atLeast} in ${dao}`
  return `voted in at least ${atLeast} % of the last ten votes of ${dao}`
}

/** Told in private to whoever made the rule, once. */
export function roleProblemView({ role, server, problem }: { role: string; server: string; problem: string }): View {
  return {
    title: 'AutoCo cannot give a role',
    tone: 'bad',
    body: [
      text('The role ', code(role), ' of the server ', code(server), ' is not given: ', problem),
      note('It is tried again every hour. /roles shows how it stands.'),
    ],
  }
}
