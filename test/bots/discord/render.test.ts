import { describe, expect, test } from 'vitest'
import { limits, renderView, type Payload } from '../../../bots/discord/render.ts'
import { time, text, type View } from '../../../core/view.ts'
import { gallery } from '../../support/gallery.ts'

/** A message as a person reads it in a snapshot: texts, lines between them, buttons in rows. */
function drawn({ components: [container] }: Payload): string {
  const color = (container.accent_color ?? 0).toString(16)
  const parts = container.components.map((part) => {
    if (part.type === 10) return part.content
    if (part.type === 14) return '────────'
    if (part.type !== 1) return JSON.stringify(part)
    return part.components
      .map((button) => {
        if (button.type !== 2) return JSON.stringify(button)
        if ('url' in button) return `(${button.label} ↗ ${button.url})`
        if (!('custom_id' in button)) return JSON.stringify(button)
        return `[${button.label} → ${button.custom_id}${button.style === 1 ? ', blue' : button.style === 4 ? ', red' : ''}]`
      })
      .join(' ')
  })
  return [`#${color}`, ...parts].join('\n')
}

const short = (drawing: string): string =>
  drawing.length > 3_000
    ? `${drawing.slice(0, 1_200)}\n⋯ ${drawing.length} characters ⋯\n${drawing.slice(-1_200)}`
    : drawing

describe('the gallery', () => {
  test.each(Object.entries(gallery))('draws “%s”', (_name, view) => {
    expect(short(drawn(renderView(view)))).toMatchSnapshot()
  })

  test.each(Object.entries(gallery))('keeps “%s” within what Discord takes', (_name, view) => {
    const { components, allowed_mentions } = renderView(view)
    const [container] = components
    const inner = container.components.flatMap((part) => [part, ...(part.type === 1 ? part.components : [])])
    const words = container.components.map((part) => (part.type === 10 ? part.content : ''))
    expect(words.join('').length).toBeLessThanOrEqual(limits.text)
    expect(inner.length + 1).toBeLessThanOrEqual(limits.components)
    expect(container.components.length).toBeGreaterThan(0)
    expect(words.join('\n').isWellFormed()).toBe(true)
    expect(allowed_mentions).toEqual({ parse: [] })
  })
})

describe('words of strangers', () => {
  const shown = (words: string): string => {
    const [part] = renderView({ body: [text(words)] }).components[0].components
    return part?.type === 10 ? part.content : ''
  }

  test.each([
    ['a mention', '<@1234567890123456>', String.raw`\<\@1234567890123456\>`],
    ['everyone', '@everyone', String.raw`\@everyone`],
    ['a masked link', '[here](https://evil.example)', String.raw`\[here\](https\://evil.example)`],
    ['a heading', '# big\n### less', '\\# big\n\\### less'],
    ['small print', '-# small', String.raw`\-# small`],
    ['a quote', '>>> said', String.raw`\>\>\> said`],
    ['lists', '- a\n* b\n+ c\n1. d\n2) e', '\\- a\n\\* b\n\\+ c\n1\\. d\n2\\) e'],
    ['a spoiler', '||secret||', String.raw`\|\|secret\|\|`],
    ['a code fence', '```js\nx\n```', '\\`\\`\\`js\nx\n\\`\\`\\`'],
    ['a time', '<t:0:R>', String.raw`\<t:0:R\>`],
    ['an emoji', '<a:b:123456789012345678>', String.raw`\<a:b:123456789012345678\>`],
    ['bold, slanted and struck', '**a** __b__ ~~c~~', String.raw`\*\*a\*\* \_\_b\_\_ \~\~c\~\~`],
    ['a backslash before a mark', String.raw`\*a\*`, String.raw`\\\*a\\\*`],
    ['marks that turn the text', 'a\u202eb\u2066c', 'abc'],
  ])('do not make %s', (_what, words, escaped) => {
    expect(shown(words)).toBe(escaped)
  })

  test('do not break out of a code span', () => {
    const view: View = { body: [text({ code: '`@everyone` \n# big' })] }
    expect(drawn(renderView(view))).toContain('`ˋ@everyoneˋ # big`')
  })
})

test('writes moments so that each reader sees their own time', () => {
  const view: View = { body: [text(time(0), ' ', time(60, 'date'), ' ', time(120, 'datetime'), ' ', time(Number.NaN))] }
  expect(drawn(renderView(view))).toContain('<t:0:R> <t:60:D> <t:120:f> an unknown time')
})

test('mentions a person of Discord as Discord does, and others by name', () => {
  const of = (platform: string, user: string) => text({ mention: { platform, user, name: 'Al*ce' } })
  const view: View = { body: [of('discord', '123456789012345678'), of('slack', 'U1')] }
  expect(drawn(renderView(view))).toContain('<@123456789012345678>\n\\@Al\\*ce')
})

test('shows one button of those that do the same', () => {
  const actions = [
    { label: 'Vote', run: 'vote ens-1' },
    { label: 'Again', run: 'vote ens-1' },
  ]
  expect(drawn(renderView({ body: [text('x')], actions })).match(/vote ens-1/g)).toHaveLength(1)
})
