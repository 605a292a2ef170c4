import { platformContract } from '../../platform.contract.ts'
import { platformedPlayground } from '../../support/playground.ts'

platformContract('the playground', platformedPlayground)
