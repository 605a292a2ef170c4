import { platformContract } from '../../platform.contract.ts'
import { platformedDiscord } from '../../support/discord/platformed.ts'

platformContract('Discord', () => platformedDiscord())
