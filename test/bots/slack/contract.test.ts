import { platformContract } from '../../support/platform-contract.ts'
import { platformedSlack } from '../../support/slack/platformed.ts'

platformContract('Slack over Socket Mode', () => platformedSlack('socket'))
platformContract('Slack over signed HTTP', () => platformedSlack('http'))
