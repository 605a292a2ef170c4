/** How many blocks the first question for logs covers; what a node takes is learnt from its answers. */
export const startSpan = 2_000

const between = /\[\s*0x([0-9a-f]+)\s*,\s*0x([0-9a-f]+)\s*\]/i
const aboutResults = /results?\b|logs matched|response size|timeout/i
const limit =
  /(?:limited to|limit|max(?:imum)?|at most|up to|exceeds?|greater than|smaller than|distance|blocks is|>)[^\d]{0,40}(\d[\d,.]*)\s*(k\b)?/gi

/** After a refusal: what the node's own words allow, else half. Nodes word it in many ways, so any refusal counts. */
export function narrower(span: number, words: string): number {
  return Math.max(1, Math.min(hinted(span, words) ?? Math.floor(span / 2), span - 1))
}

export const wider = (span: number): number => Math.ceil(span * 1.05)

function hinted(span: number, words: string): number | undefined {
  const range = between.exec(words)
  if (range) return fits(span, Number.parseInt(range[2]!, 16) - Number.parseInt(range[1]!, 16) + 1)
  if (aboutResults.test(words)) return undefined
  const numbers = [...words.matchAll(limit)].map(
    ([, digits = '', kilo]) => Number(digits.replaceAll(/[,.]/g, '')) * (kilo ? 1_000 : 1),
  )
  return numbers.map((number) => fits(span, number)).findLast((number) => number !== undefined)
}

const fits = (span: number, number: number): number | undefined => (number >= 1 && number < span ? number : undefined)
