import { propose } from './commands/propose.ts'
import { draft, draftText, draftPay, draftMint, draftSet, draftCall, draftCut, draftOpen } from './commands/draft.ts'
import { defineFeature } from '../feature.ts'
import { tidyDrafts } from './tidy.ts'

export const draftsFeature = defineFeature({
  commands: [propose, draft, draftText, draftPay, draftMint, draftSet, draftCall, draftCut, draftOpen],
  tidy: [tidyDrafts],
})
