import type { Eraser } from '../eraser.ts'

export const eraseStatements: Eraser = async (_ctx, trx, { wallets }) => {
  if (wallets.length > 0) await trx.deleteFrom('delegate_statement').where('address', 'in', wallets).execute()
}
