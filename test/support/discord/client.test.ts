import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  ChannelType,
  Client,
  ContainerBuilder,
  Events,
  GatewayIntentBits,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  SectionBuilder,
  SeparatorBuilder,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
  type Interaction,
  type MessageActionRowComponentBuilder,
} from 'discord.js'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { missing, recorded } from '../recorded.ts'
import { hasShared } from '../shared.ts'
import { DiscordEmulator } from './emulator.ts'
import { faultsOfAnswers } from './spec.ts'

const row = (...parts: MessageActionRowComponentBuilder[]) =>
  new ActionRowBuilder<MessageActionRowComponentBuilder>().addComponents(...parts)
const button = (id: string) => new ButtonBuilder().setCustomId(id).setLabel(id).setStyle(ButtonStyle.Primary)
const menu = new StringSelectMenuBuilder().setCustomId('menu').addOptions({ label: 'One', value: 'one' })
const why = new LabelBuilder()
  .setLabel('Why')
  .setTextInputComponent(new TextInputBuilder().setCustomId('why').setStyle(TextInputStyle.Paragraph))
const words = new TextDisplayBuilder().setContent('# Proposal')
const section = new SectionBuilder().addTextDisplayComponents(words).setButtonAccessory(button('open'))
const box = new ContainerBuilder()
  .addSectionComponents(section)
  .addSeparatorComponents(new SeparatorBuilder())
  .addActionRowComponents(row(button('against')))
const modal = new ModalBuilder().setCustomId('reason').setTitle('Your reason').addLabelComponents(why)

describe('a real discord.js at the emulated Discord', () => {
  let discord: DiscordEmulator
  let client: Client<true>
  let ann: string
  let guild: string
  let room: string
  let events: Record<string, unknown>[]

  beforeAll(async () => {
    discord = await DiscordEmulator.start()
    ann = discord.addUser('ann')
    guild = discord.addGuild('Org', [ann])
    room = discord.addChannel(guild, 'room')
    events = []
    const { Guilds, GuildMessages, MessageContent } = GatewayIntentBits
    client = new Client({ intents: [Guilds, GuildMessages, MessageContent], rest: { api: discord.url, retries: 0 } })
    client.on('raw' as Events.Raw, (packet: Record<string, unknown>) => void events.push(packet))
    client.on(Events.InteractionCreate, (interaction) => void answer(interaction))
    const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve))
    await client.login(discord.token)
    await ready
    await client.application.commands.set(
      ['card', 'slow', 'why'].map((name) =>
        new SlashCommandBuilder()
          .setName(name)
          .setDescription('d')
          .addStringOption((option) => option.setName('title').setDescription('t').setAutocomplete(true)),
      ),
    )
  })

  afterEach(() => expect(discord.violations).toEqual([]))

  afterAll(async () => {
    await client.destroy()
    await discord.stop()
  })

  async function answer(interaction: Interaction): Promise<void> {
    if (interaction.isAutocomplete()) await interaction.respond([{ name: 'AIP 1', value: '1' }])
    else if (interaction.isChatInputCommand() && interaction.commandName === 'why') await interaction.showModal(modal)
    else if (interaction.isChatInputCommand() && interaction.commandName === 'slow') {
      await interaction.deferReply({ flags: MessageFlags.Ephemeral })
      await interaction.editReply({ embeds: [{ title: 'Done' }] })
      await interaction.followUp('for all')
    } else if (interaction.isChatInputCommand())
      await interaction.reply({
        content: interaction.options.getString('title') ?? '-',
        components: [row(button('for')), row(menu)],
      })
    else if (interaction.isButton()) await interaction.update({ content: 'voted', components: [row(menu)] })
    else if (interaction.isStringSelectMenu()) await interaction.reply(`chose ${interaction.values.join()}`)
    else if (interaction.isModalSubmit())
      await interaction.reply(`because ${interaction.fields.getTextInputValue('why')}`)
  }

  const read = (as = ann) => discord.messages(room, as).map((message) => message.words)

  test('knows its servers and their channels after the login', () => {
    expect(client.guilds.cache.get(guild)?.channels.cache.get(room)?.name).toBe('room')
  })

  test('a command is answered, its button and its menu work', async () => {
    const { kind, ms, message = '' } = await discord.slash(ann, room, 'card', { title: 'Fees' })
    expect(kind).toBe(4)
    expect(ms).toBeLessThan(3_000)
    expect(read()).toEqual(['Fees'])
    expect(await discord.click(ann, room, message, 'for')).toMatchObject({ kind: 7, message })
    expect(read()).toEqual(['voted'])
    expect(() => discord.click(ann, room, message, 'for')).toThrow('no button')
    expect(() => discord.select(ann, room, message, 'menu', ['two'])).toThrow('does not offer')
    await discord.select(ann, room, message, 'menu', ['one'])
    expect(read()).toEqual(['voted', 'chose one'])
  })

  test('what is deferred for one person is shown to that person alone', async () => {
    const bob = discord.addUser('bob')
    discord.join(guild, bob)
    expect(await discord.slash(ann, room, 'slow')).toMatchObject({ kind: 5 })
    await vi.waitFor(() => expect(read().slice(-2)).toEqual(['Done', 'for all']))
    expect(read(bob)).not.toContain('Done')
    expect(read(bob)).toContain('for all')
  })

  test('a form opens and is sent once', async () => {
    expect(() => discord.slash(ann, room, 'nothing')).toThrow('no command')
    expect(await discord.slash(ann, room, 'why')).toMatchObject({ kind: 9 })
    expect(discord.modal(ann)).toMatchObject({ title: 'Your reason', fields: [{ name: 'why', label: 'Why' }] })
    await discord.submit(ann, room, { why: 'it is good' })
    expect(read().at(-1)).toBe('because it is good')
    await expect(discord.submit(ann, room, { why: 'again' })).rejects.toThrow('no form')
  })

  test('completes an option', async () => {
    const { kind, data } = await discord.autocomplete(ann, room, 'card', { focused: 'title', typed: 'A' })
    expect(kind).toBe(8)
    expect(data?.['choices']).toEqual([{ name: 'AIP 1', value: '1' }])
  })

  test('writes into threads, forums, private conversations, and finds its messages again', async () => {
    const channel = await client.channels.fetch(room)
    if (channel?.type !== ChannelType.GuildText) throw new Error('no text channel')
    const message = await channel.send({ content: 'a card', nonce: '1', enforceNonce: true })
    expect((await channel.send({ content: 'a card', nonce: '1', enforceNonce: true })).id).toBe(message.id)
    const thread = await message.startThread({ name: 'talk' })
    expect(thread.id).toBe(message.id)
    const inside = await thread.send('inside')
    expect(discord.messages(room, ann).at(-1)).toMatchObject({ thread: thread.id, words: 'inside' })
    await inside.edit({ content: 'changed', components: [row(button('for'))] })
    await discord.click(ann, thread.id, inside.id, 'for')
    expect(discord.messages(room, ann).at(-1)?.words).toBe('voted')
    expect([...(await thread.messages.fetch()).values()].map(({ content }) => content)).toEqual(['voted'])
    await inside.delete()
    const forum = await client.channels.fetch(discord.addChannel(guild, 'forum', 'forum', ['treasury']))
    if (forum?.type !== ChannelType.GuildForum) throw new Error('no forum')
    const tags = forum.availableTags.map(({ id }) => id)
    await forum.threads.create({ name: 'post', message: { content: 'a post' }, appliedTags: tags })
    expect(discord.messages(forum.id, ann)).toMatchObject([{ words: 'a post' }])
    await channel.send({ flags: MessageFlags.IsComponentsV2, components: [box] })
    expect(read()).toContain('Proposal')
    await (await client.users.fetch(ann)).send('in private')
    expect(discord.messages(discord.directOf(ann), ann)).toMatchObject([{ words: 'in private' }])
    const role = discord.addRole(guild, 'voter')
    const member = await client.guilds.cache.get(guild)?.members.fetch(ann)
    await member?.roles.add(role)
    expect(discord.rolesOf(guild, ann)).toContain(role)
    await member?.roles.remove(role)
    expect(discord.rolesOf(guild, ann)).not.toContain(role)
  })

  test('queues what is more than a bucket holds, and meets no 429', async () => {
    const channel = await client.channels.fetch(room)
    if (channel?.type !== ChannelType.GuildText) throw new Error('no text channel')
    await Promise.all(Array.from({ length: 12 }, (_, index) => channel.send(`number ${index}`)))
    expect(discord.calls.filter(({ status }) => status === 429)).toEqual([])
  })

  test('waits as long as a 429 asks', async () => {
    const channel = await client.channels.fetch(room)
    if (channel?.type !== ChannelType.GuildText) throw new Error('no text channel')
    discord.fault({ type: 'ratelimit', ms: 300, method: 'POST' })
    await channel.send('at last')
    expect(read()).toContain('at last')
  })

  test('hears after a dropped socket what was said meanwhile, without a login', async () => {
    const logins = discord.gateway.identified
    discord.gateway.drop()
    discord.say(ann, room, 'while you were away')
    await vi.waitFor(() => expect(events.map(({ t }) => t)).toContain('RESUMED'), { timeout: 15_000 })
    expect(JSON.stringify(events)).toContain('while you were away')
    expect(discord.gateway.identified).toBe(logins)
  })

  test('logs in anew when its session is invalid, and resumes when told to reconnect', async () => {
    const logins = discord.gateway.identified
    const ready = () => events.filter(({ t }) => t === 'READY').length
    const before = ready()
    discord.gateway.invalidate()
    await vi.waitFor(() => expect(ready()).toBe(before + 1), { timeout: 20_000 })
    expect(discord.gateway.identified).toBe(logins + 1)
    const resumed = events.filter(({ t }) => t === 'RESUMED').length
    discord.gateway.reconnect()
    await vi.waitFor(() => expect(events.filter(({ t }) => t === 'RESUMED')).toHaveLength(resumed + 1), {
      timeout: 15_000,
    })
  })

  describe.skipIf(!hasShared)('beside what the real Discord sends', () => {
    test('every answer fits the official document', () => {
      expect([...new Set(faultsOfAnswers(discord.calls))]).toEqual([])
    })

    test('events have the keys of recorded ones', () => {
      const press = events.findLast(({ t, d }) => t === 'INTERACTION_CREATE' && (d as { type: number }).type === 3)?.[
        'd'
      ]
      const said = events.findLast(({ t }) => t === 'MESSAGE_CREATE')?.['d']
      expect([press, said]).toEqual([expect.any(Object), expect.any(Object)])
      expect(missing(recorded('discord.json')['buttonClickHello'], press)).toEqual([])
      expect(missing(recorded('channel-discord.json')['mention']?.['data'], said)).toEqual([])
    })
  })
})
