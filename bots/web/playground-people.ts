import { generatePrivateKey, privateKeyToAccount, type PrivateKeyAccount } from 'viem/accounts'
import { isAddress, isAddressEqual, isHex, type Address, type Hex } from 'viem'
import { z } from 'zod'
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
export type SignMethod = 'personal_sign' | 'eth_signTypedData_v4' | 'eth_sendTransaction'

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
      if (method === 'eth_sendTransaction') return await sendTransaction(ctx, account, payload)
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

function jsonOf(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch (cause) {
    throw new UserError('What the wallet is asked for is not valid JSON.', { code: 'json', cause })
  }
}

const transactionSchema = z.object({
  to: z.string().refine((value): value is Address => isAddress(value)),
  data: z.string().refine((value): value is Hex => isHex(value)),
  value: z.string().regex(/^0x[0-9a-f]+$/),
})

async function sendTransaction(ctx: Pick<Context, 'chain'>, account: PrivateKeyAccount, payload: string): Promise<Hex> {
  const { client } = ctx.chain
  const parsed = transactionSchema.safeParse(jsonOf(payload))
  if (!parsed.success) throw new UserError('This is not a transaction that a test wallet sends.', { code: 'json' })
  const { to, data } = parsed.data
  const value = BigInt(parsed.data.value)
  const [gas, nonce, fees] = await Promise.all([
    client.estimateGas({ account, to, data, value }),
    client.getTransactionCount({ address: account.address, blockTag: 'pending' }),
    client.estimateFeesPerGas(),
  ]).catch((cause: unknown) => {
    throw new UserError('The chain would refuse this transaction, or the wallet has no coin to pay for it.', {
      code: 'refused',
      cause,
    })
  })
  const serializedTransaction = await account.signTransaction({
    type: 'eip1559',
    chainId: ctx.chain.id,
    to,
    data,
    value,
    gas: (gas * 5n) / 4n,
    nonce,
    maxFeePerGas: fees.maxFeePerGas,
    maxPriorityFeePerGas: fees.maxPriorityFeePerGas,
  })
  return await client.sendRawTransaction({ serializedTransaction })
}

type TypedData = Parameters<ReturnType<typeof privateKeyToAccount>['signTypedData']>[0]

function typedDataFor(chainId: number, payload: string): TypedData {
  const data = jsonOf(payload) as { domain?: { chainId?: unknown }; types?: Record<string, unknown> }
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
