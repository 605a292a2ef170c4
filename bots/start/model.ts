import type { Model } from '../../core/ports.ts'
import { createModel } from '../../core/ai/model.ts'
import { spendingIn } from '../../core/ai/spending.ts'
import type { Config } from '../../core/config.ts'
import type { Db } from '../../core/context.ts'

/** The model that the settings name; without one summaries are extracts. */
export function createModelFrom(config: Config, db: Db): Model | undefined {
  const { AI_BASE_URL, AI_MODEL } = config
  if (!AI_BASE_URL || !AI_MODEL) return undefined
  return createModel({
    baseUrl: AI_BASE_URL,
    apiKey: config.AI_API_KEY,
    model: AI_MODEL,
    timeoutMs: config.AI_TIMEOUT_MS,
    dailyTokens: config.AI_DAILY_TOKENS,
    spending: spendingIn(db, AI_MODEL),
  })
}
