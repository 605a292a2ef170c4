import type { Address, Hex } from 'viem'
import { chief, pause, spellFactory } from '../../contracts/generated.ts'
import type { Context, Trx } from '../context.ts'
import type { PartRow } from '../db/tables/governance.ts'
import type { PlanRow } from '../db/tables/nomic.ts'
import type { PartEvent, Projection } from '../listen/projection.ts'
import { lookAtChief } from './jobs.ts'
import { addSpell } from './spell.ts'

type Ctx = Pick<Context, 'chain' | 'queue'>

/** Whatever the chief says, it is asked how it stands: what approvals come to is in no single log. */
export const chiefProjection: Projection = {
  role: 'chief',
  abi: chief.abi,
  entities: 'one',
  reads: [],
  apply: (ctx, trx, { part }) => look(ctx, trx, part),
}

/** A plan in the pause: plotted by the hat, then executed or dropped. */
export const pauseProjection: Projection = {
  role: 'pause',
  abi: pause.abi,
  entities: 'by first topic',
  async apply(ctx, trx, { part, entity, events }) {
    await trx.deleteFrom('plan').where('dao_id', '=', part.dao_id).where('id', '=', entity).execute()
    const plan = planOf(part, entity, events)
    if (plan) await trx.insertInto('plan').values(plan).execute()
    await look(ctx, trx, part)
  },
}

/** A spell that the factory made of a text. */
export const spellsProjection: Projection = {
  role: 'spells',
  abi: spellFactory.abi,
  entities: 'by first topic',
  async apply(ctx, trx, { part, entity, events }) {
    const address = `0x${entity.slice(26)}`
    const made = events.at(-1)
    if (made) await addSpell(trx, { daoId: part.dao_id, address, ...spellOf(made) })
    else
      await trx
        .updateTable('spell')
        .set({ orphaned_at: new Date() })
        .where('dao_id', '=', part.dao_id)
        .where('address', '=', address)
        .execute()
    await look(ctx, trx, part)
  },
}

const look = (ctx: Ctx, trx: Trx, { dao_id: daoId }: PartRow): Promise<void> =>
  ctx.queue.send(trx, lookAtChief, { daoId }, { key: daoId })

function planOf(part: PartRow, id: Hex, events: readonly PartEvent[]): PlanRow | undefined {
  const plotted = events.find(({ name }) => name === 'Plotted')
  const last = events.at(-1)
  if (!plotted || !last) return undefined
  const { hat, action, codeHash, call, eta } = plotted.args as Record<string, string> & { eta: number }
  return {
    dao_id: part.dao_id,
    id,
    hat: (hat ?? '').toLowerCase(),
    action: (action ?? '').toLowerCase(),
    call: call ?? '0x',
    code_hash: codeHash ?? '0x',
    eta: String(eta),
    state: last.name === 'Executed' ? 'executed' : last.name === 'Dropped' ? 'dropped' : 'plotted',
    block_number: plotted.log.blockNumber.toString(),
    tx_hash: last.log.tx,
  }
}

type Created = {
  author: Address
  title: string
  text: string
  expiration: number
  officeHours?: boolean
  targets?: readonly Address[]
  values?: readonly bigint[]
  calls?: readonly Hex[]
  plan?: Hex
}

function spellOf({ args, log, isHistory }: PartEvent): Omit<Parameters<typeof addSpell>[1], 'daoId' | 'address'> {
  const {
    author,
    title,
    text,
    expiration,
    officeHours = false,
    targets = [],
    values = [],
    calls = [],
    plan,
  } = args as unknown as Created
  return {
    kind: plan === undefined ? 'calls' : 'drop',
    author: author.toLowerCase(),
    title: storable(title),
    text: storable(text),
    expiration: String(expiration),
    officeHours,
    calls: targets.map((target, at) => ({ target, value: (values[at] ?? 0n).toString(), data: calls[at] ?? '0x' })),
    drops: plan ?? null,
    isHistory,
    blockNumber: log.blockNumber.toString(),
    txHash: log.tx,
  }
}

/** The database takes no NUL. */
const storable = (text: string): string => text.replaceAll('\0', '\ufffd')
