import { platformContract } from '../../platform.contract.ts'
import { platformedSlack } from '../../support/slack/platformed.ts'

platformContract('Slack', platformedSlack)
