/** A call that a proposal makes; `decoded` only when the ABI is known. `value` in wei, decimal. */
export type ProposalCall = { target: string; value: string; data: string; decoded?: string }
