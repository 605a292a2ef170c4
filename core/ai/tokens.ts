const scripts = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u

/** Tokens of a text by classes of characters, 30 % to be safe: no tokenizer is the same on every server. */
export function estimateTokens(text: string): number {
  let count = 0
  for (const [piece] of text.matchAll(/0x[0-9a-fA-F]+|\d+|\p{L}+|[^\s\p{L}\d]+/gu)) {
    if (piece.startsWith('0x')) count += piece.length * 0.75
    else if (/^\d/.test(piece)) count += Math.ceil(piece.length / 2.5)
    else if (scripts.test(piece)) count += piece.length * 1.1
    else if (/^\p{L}/u.test(piece)) count += Math.max(1, piece.length / 4.5)
    else count += Math.max(1, piece.length / 2)
  }
  return Math.ceil(count * 1.3)
}
