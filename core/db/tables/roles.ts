import type { ColumnType, Generated, Selectable } from 'kysely'

export type RuleKind = 'linked' | 'power' | 'participation'

type Created = ColumnType<Date, Date | string | undefined, never>

export type RoleTables = {
  /** Who wears a role of a server; one rule a role. */
  role_rule: {
    platform: string
    server: string
    role: string
    kind: RuleKind
    dao_id: string | null
    /** Tokens or percent, as a decimal number. */
    at_least: string
    created_by: string
    created_at: Created
    /** What kept the platform from doing it, in its words; told to `created_by` when it is new. */
    problem: ColumnType<string | null, string | null | undefined, string | null>
    /** What it gave is taken back, and then it is deleted. */
    ended: Generated<boolean>
  }
  /** Who was given a role by AutoCo, or had it taken. */
  role_holder: {
    platform: string
    server: string
    role: string
    user_id: string
    has: boolean
    /** Since when they are a little below what the rule asks for. */
    below_since: ColumnType<Date | null, Date | null, Date | null>
    checked_at: ColumnType<Date, Date, Date>
  }
}

export type RoleRuleRow = Selectable<RoleTables['role_rule']>
export type RoleHolderRow = Selectable<RoleTables['role_holder']>
