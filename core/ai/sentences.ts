const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

/** Where a full stop ends nothing: decimals and versions, names with dots, initials, and the usual abbreviations. */
const dots =
  /(?<=[\p{L}\p{N}_])[.!?](?=[\p{L}\p{N}_/])|\b(?:e\.g|i\.e|a\.k\.a|cf|vs|etc|approx|resp|incl|excl|est|min|max|no|nos|sec|fig|ch|art|par|vol|pp|mr|mrs|ms|dr|prof|sr|jr|st|inc|ltd|corp|co|dept|gov|u\.s|u\.k|p\.s|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)\.(?=\s+[^\s])|(?<=(?:^|\s)\p{Lu})\.(?=\s)|^\s*\d{1,3}\.(?=\s)/giu

/** `etc.` and the like do end a sentence when a capital follows. */
const mayEnd = /^(?:etc|inc|ltd|corp|co|min|max|no|sat|sun|u\.s|u\.k)\.$/i

const longestWords = 50

/** Sentences as they stand in the text: each is a verbatim piece of it. */
export function splitSentences(text: string): string[] {
  const shielded = text.replaceAll(dots, (match: string, offset: number) => {
    const after = text.slice(offset + match.length).trimStart()
    if (match.length > 1 && mayEnd.test(match) && /^\p{Lu}/u.test(after)) return match
    return match.replaceAll(/[.!?]/g, '_')
  })
  const found: string[] = []
  for (const { segment, index } of segmenter.segment(shielded))
    for (const piece of pieces(text.slice(index, index + segment.length))) found.push(piece)
  return found
}

/** A sentence nobody can read in one breath is cut where it pauses. */
function pieces(sentence: string): string[] {
  const trimmed = sentence.trim()
  if (!trimmed) return []
  const words = [...trimmed.matchAll(/\S+/g)]
  if (words.length <= longestWords) return trimmed.length <= 600 ? [trimmed] : hard(trimmed)
  const cut: string[] = []
  let from = 0
  let count = 0
  for (const [i, word] of words.entries()) {
    count += 1
    const next = words[i + 1]
    if (!next || count >= longestWords || (count >= longestWords / 2 && /[,;:—–)]$/.test(word[0]))) {
      cut.push(...hard(trimmed.slice(from, word.index + word[0].length).trim()))
      from = next?.index ?? trimmed.length
      count = 0
    }
  }
  return cut
}

/** Scripts without spaces, and noise: by length, never inside a character. */
function hard(text: string): string[] {
  if (text.length <= 600) return [text]
  return (
    text
      .match(/[^]{1,400}(?![\udc00-\udfff])/g)
      ?.map((piece) => piece.trim())
      .filter(Boolean) ?? []
  )
}
