import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { isAddressEqual, isHex, type Address, type Hex } from 'viem'
import { UserError, type Caller, type Context } from '../../core/index.ts'
import { platformName } from './playground-store.ts'

/** Someone built in, with a wallet whose key is known to all: it holds play money of the embedded chain and nothing else. */
export type TestPerson = { id: string; name: string; address: Address; key: Hex }
export type PlayPerson = { id: string; name: string; address: string | null; builtIn: boolean }

const peopleLimit = 5_000

export type People = {
  list(ctx: Pick<Context, 'db'>): Promise<PlayPerson[]>
  create(ctx: Pick<Context, 'db'>, params: { name: string; wallet: boolean }): Promise<PlayPerson>
  caller(ctx: Pick<Context, 'db'>, id: string): Promise<Caller>
  /** Signs as a wallet would, with a test key, and only for this chain. */
  sign(
    ctx: Pick<Context, 'db' | 'chain'>,
    params: { address: string; method: SignMethod; payload: string },
  ): Promise<Hex>
}
export type SignMethod = 'personal_sign' | 'eth_signTypedData_v4'

export function createPeople(builtIn: readonly TestPerson[], welcome?: (address: Address) => Promise<void>): People {
  return {
    async list(ctx) {
      const made = await ctx.db
        .selectFrom('playground_person')
        .selectAll()
        .orderBy('created_at')
        .orderBy('id')
        .limit(peopleLimit)
        .execute()
      const ids = new Set(builtIn.map((person) => person.id))
      return [
        ...builtIn.map(({ id, name, address }) => ({ id, name, address, builtIn: true })),
        ...made
          .filter((row) => !ids.has(row.id))
          .map(({ id, name, address }) => ({ id, name, address, builtIn: false })),
      ]
    },

    async create(ctx, { name, wallet }) {
      const key = wallet ? generatePrivateKey() : null
      const address = key ? privateKeyToAccount(key).address : null
      const id = await freeId(ctx, name)
      await ctx.db.insertInto('playground_person').values({ id, name, address, secret: key }).execute()
      if (address) await welcome?.(address)
      return { id, name, address, builtIn: false }
    },

    async caller(ctx, id) {
      const row = await ctx.db
        .selectFrom('playground_person')
        .select(['id', 'name'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row)
        throw new UserError('Nobody of that name is here.', {
          hint: 'Choose who you are in this tab.',
          code: 'not-found',
        })
      return { platform: platformName, workspace: '', user: row.id, name: row.name, manager: true }
    },

    async sign(ctx, { address, method, payload }) {
      const key = await keyOf(ctx, builtIn, address)
      if (!key) throw new UserError('This is not the address of a test wallet.', { code: 'not-found' })
      const account = privateKeyToAccount(key)
      if (method === 'personal_sign') {
        if (!isHex(payload)) throw new UserError('The message to sign must be hex.', { code: 'json' })
        return await account.signMessage({ message: { raw: payload } })
      }
      return await account.signTypedData(typedDataFor(ctx.chain.id, payload))
    },
  }
}

/** The built-in people are rows too, so that a restart and a message know them. */
export async function seedPeople(ctx: Pick<Context, 'db'>, builtIn: readonly TestPerson[]): Promise<void> {
  if (builtIn.length === 0) return
  await ctx.db
    .insertInto('playground_person')
    .values(builtIn.map(({ id, name, address }) => ({ id, name, address, secret: null })))
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet((eb) => ({ name: eb.ref('excluded.name'), address: eb.ref('excluded.address') })),
    )
    .execute()
}

async function keyOf(
  ctx: Pick<Context, 'db'>,
  builtIn: readonly TestPerson[],
  address: string,
): Promise<Hex | undefined> {
  const known = builtIn.find((person) => isAddressEqual(person.address, address as Address))
  if (known) return known.key
  const row = await ctx.db
    .selectFrom('playground_person')
    .select('secret')
    .where('address', '=', address)
    .executeTakeFirst()
  return isHex(row?.secret) ? row.secret : undefined
}

type TypedData = Parameters<ReturnType<typeof privateKeyToAccount>['signTypedData']>[0]

function typedDataFor(chainId: number, payload: string): TypedData {
  let data: { domain?: { chainId?: unknown }; types?: Record<string, unknown> }
  try {
    data = JSON.parse(payload) as typeof data
  } catch (cause) {
    throw new UserError('The typed data is not valid JSON.', { code: 'json', cause })
  }
  if (Number(data.domain?.chainId) !== chainId) {
    throw new UserError('A test wallet signs for the playground’s chain only.', { code: 'foreign' })
  }
  // viem derives the domain's type from the domain; a list of its own must not disagree.
  const { EIP712Domain: _, ...types } = data.types ?? {}
  return { ...data, types } as TypedData
}

async function freeId(ctx: Pick<Context, 'db'>, name: string): Promise<string> {
  const stem =
    name
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 24) || 'person'
  const taken = await ctx.db
    .selectFrom('playground_person')
    .select('id')
    .where((eb) => eb.or([eb('id', '=', stem), eb('id', 'like', `${stem}-%`)]))
    .execute()
  // A private conversation goes by the id of its person, so that must be the name of no channel.
  const channels = await ctx.db.selectFrom('playground_channel').select('id').execute()
  const ids = new Set([...taken, ...channels].map((row) => row.id))
  if (!ids.has(stem)) return stem
  for (let number = 2; ; number++) if (!ids.has(`${stem}-${number}`)) return `${stem}-${number}`
}
