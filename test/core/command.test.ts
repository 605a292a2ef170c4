import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arg, defineCommand, formLine, parseLine, usage, type AnyCommand } from '../../core/command.ts'

const vote = defineCommand({
  name: 'vote',
  description: 'Vote',
  args: {
    proposal: arg.word('Which proposal'),
    choice: arg.choice('Your vote', [
      { value: 'for', label: 'For' },
      { value: 'against', label: 'Against' },
    ]),
    reason: arg.optional(arg.text('Why')),
  },
  audience: 'caller',
  access: 'linked',
  run: async () => ({ body: [] }),
})
const ping = defineCommand({
  name: 'ping',
  description: 'Ping',
  args: {},
  audience: 'channel',
  access: 'anyone',
  run: async () => ({ body: [] }),
})
const commands: AnyCommand[] = [vote, ping]

describe('a command line', () => {
  test('is words in the order of the arguments', () => {
    expect(parseLine(commands, 'vote ens-42 for')).toMatchObject({
      status: 'ready',
      args: { proposal: 'ens-42', choice: 'for', reason: undefined },
    })
  })
  test('may begin with a slash and may be typed in capitals', () => {
    expect(parseLine(commands, '  /VOTE ens-42 FOR')).toMatchObject({ status: 'ready', args: { choice: 'for' } })
  })
  test('keeps the remainder for the last text argument as it was typed', () => {
    expect(parseLine(commands, 'vote ens-42 against it costs "too" much')).toMatchObject({
      args: { reason: 'it costs "too" much' },
    })
  })
  test('takes quoted words as one', () => {
    expect(parseLine(commands, 'vote "a b" for')).toMatchObject({ args: { proposal: 'a b' } })
  })
})

describe('a line with arguments missing', () => {
  test('is a form that knows what was already typed', () => {
    expect(parseLine(commands, 'vote ens-42')).toMatchObject({
      status: 'form',
      words: { proposal: 'ens-42' },
      missing: ['choice'],
    })
  })
})

describe('errors', () => {
  test('a choice that does not exist names those that do', () => {
    expect(() => parseLine(commands, 'vote ens-42 maybe')).toThrow('“maybe” is not one of for, against.')
  })
  test('words too many are refused with the usage as a hint', () => {
    expect(() => parseLine(commands, 'ping now')).toThrow(
      expect.objectContaining({ message: 'I do not know what to do with “now”.', hint: '/ping' }),
    )
  })
  test('an unknown command is named', () => {
    expect(parseLine(commands, 'dance')).toEqual({ status: 'unknown', name: 'dance' })
  })
})

describe('a filled form', () => {
  test('is the line that a person could have typed, whatever was typed into it', () => {
    const word = fc.stringMatching(/^[a-z0-9 -]{1,20}$/).filter((value) => value.trim() === value && value !== '')
    fc.assert(
      fc.property(word, fc.constantFrom('for', 'against'), word, (proposal, choice, reason) => {
        const parsed = parseLine(commands, formLine(vote, { proposal, choice, reason }))
        expect(parsed).toMatchObject({ status: 'ready', args: { proposal, choice, reason } })
      }),
    )
  })
  test('shows its usage', () => {
    expect(usage(vote)).toBe('/vote <proposal> <choice> [reason]')
  })
})
