import type { Eraser } from '../eraser.ts'

export const eraseMandates: Eraser = async (_ctx, trx, { wallets }) => {
  if (wallets.length > 0) await trx.deleteFrom('mandate').where('wallet', 'in', wallets).execute()
}
