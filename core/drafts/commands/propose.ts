import { arg, defineCommand } from '../../command.ts'
import { createDraft } from '../draft.ts'
import { previewOf } from '../preview.ts'
import { requirePerson } from '../../identity/person.ts'
import { draftView } from '../views/draft.ts'
import { daoArg } from '../../args.ts'

/**
 * `/propose ens "Fund the audit" We need it` begins a draft; `/propose ens thread Fund the audit` begins one from what
 * people say where it is asked. The draft is private until a wallet opens it.
 */
export const propose = defineCommand({
  name: 'propose',
  description: 'Write a proposal, alone or from a discussion',
  args: {
    dao: daoArg('Which DAO, like ens'),
    title: arg.word('Its title, or thread to begin from what is said here'),
    text: arg.optional(arg.text('Its text, up to what this form takes; more can be added')),
  },
  audience: 'caller',
  access: 'linked',
  async run(ctx, { person: who, channel, args }) {
    const person = requirePerson(who)
    const isThread = args.title.toLowerCase() === 'thread'
    const draft = await createDraft(ctx, {
      person,
      slug: args.dao,
      title: isThread ? (args.text ?? '') : args.title,
      text: isThread ? '' : (args.text ?? ''),
      from: isThread ? channel : undefined,
    })
    return draftView(await previewOf(ctx, { draft, person }))
  },
})
