/** What a claim may rest on: a paragraph of the proposal (`p1`…) or a message of its discussion (`m1`…). */
export type Source = {
  id: string
  kind: 'proposal' | 'message'
  text: string
  author?: string
  /** Unix milliseconds. */
  at?: number
  url?: string
}

/** A figure of record, read from the chain by program. Texts name it as `{{fact:id}}`; nobody ever types its digits. */
export type Fact = {
  id: string
  label: string
  kind: 'status' | 'tally' | 'quorum' | 'time' | 'amount' | 'choice' | 'call' | 'link' | 'count' | 'name'
  value: string
  source: string
}

export type Claim = {
  /** May hold `{{fact:id}}`. */
  text: string
  /** Ids of sources, four at most. */
  cites: string[]
  kind: 'point' | 'question' | 'decision' | 'action' | 'event' | 'quote'
  stance?: 'for' | 'against' | 'neutral' | 'unclear'
  /** `weak`: the words of the sources carry it only in part; shown with a mark. */
  state: 'ok' | 'weak'
}

export type Section = { title: string; claims: Claim[] }

export type Summary = {
  sections: Section[]
  /** Those that the claims cite. */
  sources: Source[]
  facts: Fact[]
  /** Who wrote it: "Extract, no AI model: …" or "AI summary by <model>, prompt <name> v<version>". */
  label: string
  mode: 'extract' | 'model' | 'mixed'
  /** Claims shown, and claims that a check refused, by the check's id. */
  shown: number
  dropped: Record<string, number>
  /** Sources that were read, of those there are. */
  coverage: { seen: number; total: number }
  textHash: string
}

/** Something said about the proposal, in a chat or on a forum. */
export type Said = {
  author: string
  at: number
  text: string
  url?: string
  /** Known when it is the reason of a vote. */
  stance?: 'for' | 'against'
}

export type SummaryInput = { title: string; body: string; messages: Said[]; facts: Fact[] }
