/** `0` against, `1` for, `2` abstain: Governor's `support` of bravo counting. */
export type Support = 0 | 1 | 2

export const supports = [
  { value: 'for', label: 'For', support: 1 },
  { value: 'against', label: 'Against', support: 0 },
  { value: 'abstain', label: 'Abstain', support: 2 },
] as const satisfies readonly { value: string; label: string; support: Support }[]
