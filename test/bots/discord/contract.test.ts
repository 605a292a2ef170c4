import { platformContract } from '../../support/platform-contract.ts'
import { platformedDiscord } from '../../support/discord/platformed.ts'

platformContract('Discord', () => platformedDiscord())
