import type { Sentence } from './corpus.ts'

export type Stance = 'for' | 'against' | 'unclear'

const favour =
  /\b(?:(?:i|we)(?:'m| am|'re| are)? (?:fully |strongly |also |will |would |wholeheartedly |definitely )*(?:support|agree|endorse|back|favou?r|in favou?r|for it|voting for|vot(?:e|ed) (?:for|yes)|like (?!to\b)|love|welcome)|in favou?r of|(?:good|great|excellent|solid|strong|sensible) (?:proposal|idea|initiative|step|plan)|lgtm|\+1|makes (?:a lot of |total |perfect )?sense|happy to (?:support|back)|voting (?:yes|for)|vote[ds]? (?:yes|for)\b|should (?:pass|be approved)|approve this|no objections?)/i
const oppose =
  /\b(?:(?:i|we)(?:'m| am|'re| are)? (?:strongly |also |will |would |firmly |fully )*(?:oppose|object|disagree|reject|against|voting against|vot(?:e|ed) (?:against|no)|dislike|can(?:'t|not) support)|not in favou?r|against (?:this|the|it)|(?:bad|poor|terrible|wrong|flawed) (?:proposal|idea|precedent|plan)|(?:do|does|did|would|will|could|can)(?: not|n't) (?:support|agree|approve|back|see the (?:need|point|value)|make(?:s)? sense|think (?:this|it|we))|cannot support|voting (?:no|against)|vote[ds]? (?:no|against)\b|should(?: not|n't) (?:pass|be approved|do)|too (?:expensive|costly|much|high|risky|early|vague|complex|broad|centrali[sz]ed)|concern(?:s|ed|ing)?\b|waste of|risk(?:s|y)?\b|dangerous|opposed to|drawback|downside|-1\b)/i
/** "no concerns" and "not against" turn the cue around. */
const denied =
  /\b(?:no|not|without|n't|never|resolved?s?|address(?:es|ed)?|any)(?: \w+){0,2} (?:concerns?|risks?|risky|against|objections?|opposed?|downsides?|drawbacks?|dangerous|disagree)/i

/** Which side a sentence takes by its words; in doubt, none. Irony and polite refusals are beyond cue words. */
export function stanceOf({ text, source }: Pick<Sentence, 'text' | 'source'>): Stance {
  if (source.stance) return source.stance
  const against = oppose.test(text) && !denied.test(text)
  const supports = favour.test(text) && !/\b(?:not|n't|never|hardly|unless|would have|if)\b/i.test(text)
  if (against === supports) return 'unclear'
  return against ? 'against' : 'for'
}
