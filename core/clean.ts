/** Zero-width, direction, tag and filler characters; joiners and emoji style have their own rule. */
const invisible = /(?!\u200c|\u200d|\ufe0e|\ufe0f)\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffb]/gu
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
/** A joiner between letters that need it (Persian, Indic, emoji families) stays; anywhere else it only hides something. */
const strayJoiner =
  /(?<![\p{Script=Arabic}\p{Script=Deva}\p{Script=Beng}\p{Script=Taml}\p{Script=Sinh}\p{Script=Mlym}\p{Emoji}\ufe0f])[\u200c\u200d]/gu

/** Text as a person would see it: one normal form, nothing invisible, no control over direction, no secrets, no live links or mentions. */
export function cleanText(raw: string): string {
  const visible = raw
    .normalize('NFC')
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll(invisible, '')
    .replaceAll(strayJoiner, '')
    .replaceAll(control, ' ')
    .replaceAll(/(\p{M}{4})\p{M}+/gu, '$1')
    .replaceAll(/[^\S\n]+/g, ' ')
  return neutral(maskSecrets(visible))
}

/** Links and mentions belong to the renderer: what a stranger wrote is read, never clicked, and calls nobody. */
function neutral(text: string): string {
  return text
    .replaceAll(
      /(?:\b(?:https?|ftp|wss?|ipfs|file|javascript|data|tg|slack|discord):\/{0,2}|\bwww\.)[^\s<>"'`)\]|]+/gi,
      '[link]',
    )
    .replaceAll(/\b(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}\/[^\s<>"'`)\]|]*/gi, '[link]')
    .replaceAll(/\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\b/g, '[e-mail]')
    .replaceAll(/<[@#!](?:[!&]?[\w^|.-]{1,80})>/g, '[mention]')
    .replaceAll(/(?<![\w.])@(?=[\p{L}\p{N}_])/gu, '')
}

function maskSecrets(text: string): string {
  return text
    .replaceAll(/-----BEGIN [A-Z ]{3,40}KEY-----[\s\S]{0,8000}?(?:-----END [A-Z ]{3,40}KEY-----|$)/g, '[secret]')
    .replaceAll(
      /\b(?:sk|pk|rk)[-_](?:[a-z]{2,8}[-_])?[\w-]{16,}|\bxox[abeprs]-[\w-]{10,}|\bgh[opsu]_\w{20,}|\bgithub_pat_\w{20,}/g,
      '[secret]',
    )
    .replaceAll(
      /\bAKIA[0-9A-Z]{16}\b|\bAIza[\w-]{35}|\b\d{8,10}:[\w-]{35}\b|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g,
      '[secret]',
    )
    .replaceAll(/(?<![\w])[0-9a-fA-F]{64}(?!\w)/g, '[secret]')
    .replaceAll(/\b((?:private|secret)[ _-]?key\W{1,6}(?:is\W{1,3})?)(?:0x)?[0-9a-fA-F]{32,}/gi, '$1[secret]')
    .replaceAll(
      /\b((?:seed|mnemonic|recovery|secret)(?: (?:phrase|words))?\W{1,6}(?:is\W{1,3})?)(?:[a-z]{3,8}[ ,]+){11,23}[a-z]{3,8}\b/gi,
      '$1[secret]',
    )
}
