import { arg, defineCommand, usage, type AnyCommand } from './command.ts'
import { UserError } from './errors.ts'
import { code, fields, list, note, run, text, type Inline, type View } from './view.ts'

/** Adds `/help`, which speaks of all the others, at the end of the list. */
export function withHelp(commands: readonly AnyCommand[]): readonly AnyCommand[] {
  const help = defineCommand({
    name: 'help',
    description: 'What you can do here',
    args: {
      command: arg.optional({
        ...arg.word('A command'),
        complete: async (_ctx, prefix) =>
          all
            .filter((command) => command.name.startsWith(prefix.toLowerCase().replace(/^\//, '')))
            .map((command) => ({ value: command.name, label: command.description })),
      }),
    },
    audience: 'caller',
    access: 'anyone',
    byLink: () => true,
    async run(_ctx, { args }) {
      if (args.command === undefined) return listView(all)
      const name = args.command.toLowerCase().replace(/^\//, '')
      const found = all.find((command) => command.name === name)
      if (!found) throw new UserError(`There is no command /${name.slice(0, 40)}.`, { hint: '/help' })
      return commandView(found)
    },
  })
  const all: readonly AnyCommand[] = [...commands, help]
  return all
}

function listView(commands: readonly AnyCommand[]): View {
  return {
    title: 'What you can do here',
    body: [
      list(...commands.map((command): Inline[] => [code(usage(command)), ` ${command.description}`])),
      note('<…> is needed, […] may be left out.'),
    ],
    actions: [run('Link a wallet', 'link', 'primary'), run('Proposals', 'proposals')],
  }
}

function commandView(command: AnyCommand): View {
  const args = Object.entries(command.args)
  const who = { anyone: 'anyone', linked: 'who has linked a wallet', manager: 'who may manage this place' }
  return {
    title: `/${command.name}`,
    body: [
      text(command.description, '.'),
      text(code(usage(command))),
      ...(args.length > 0
        ? [fields(Object.fromEntries(args.map(([name, { description }]) => [name, description])))]
        : []),
      note(
        `For ${who[command.access]}; the answer is seen by ${command.audience === 'caller' ? 'you alone' : 'everyone here'}.`,
      ),
    ],
  }
}
