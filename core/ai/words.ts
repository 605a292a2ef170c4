import { stemmer } from 'stemmer'

const stops = new Set(
  `a about above after again all also am an and any anyway are as at basically be because been before being both but by can cannot could did do does doing done down during each
  either else even ever few for from further get gets got had has have having he her here hers him his how however i if in indeed into is it its itself just kind know let lets like lot maybe me
  mean more most much my no nor not now of off oh ok okay on once only or other our out over own perhaps please quite rather really right said same say she should sir so some something sort still
  such sure than thank thanks that the their them then there these they thing things think this those though through thus to too um uh under until up upon us use very was way we well were what when
  where whether which while who whom why will with within without would yeah yes yet you your`.split(/\s+/),
)

const stems = new Map<string, string>()

/** Words of a text in lower case; scripts that put no space between words give pairs of characters. */
function wordsOf(text: string): string[] {
  const found: string[] = []
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}\p{M}]+(?:['’.][\p{L}\p{N}]+)*/gu)) {
    if (!/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word))
      found.push(word.replaceAll('’', "'"))
    else {
      const letters = Array.from(word)
      if (letters.length === 1) found.push(word)
      for (let i = 0; i + 1 < letters.length; i += 1) found.push(`${letters[i]}${letters[i + 1]}`)
    }
  }
  return found
}

/** The stems that carry meaning: no stop words. */
export function termsOf(text: string): string[] {
  const terms: string[] = []
  for (const word of wordsOf(text)) if (!stops.has(word) && (word.length > 1 || /\d/.test(word))) terms.push(stem(word))
  return terms
}

export function countWords(text: string): number {
  let count = 0
  for (const _ of text.matchAll(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]{2}|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu,
  ))
    count += 1
  return count
}

function stem(word: string): string {
  const known = stems.get(word)
  if (known !== undefined) return known
  const plain = word.replace(/'s?$/, '')
  const found = /^[a-z']+$/.test(plain) ? stemmer(plain) : plain
  // A cache that strangers fill must not grow for ever.
  if (stems.size > 50_000) stems.clear()
  stems.set(word, found)
  return found
}
