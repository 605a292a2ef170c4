import { platformContract } from '../../support/platform-contract.ts'
import { platformedTelegram } from '../../support/telegram/platformed.ts'

platformContract('Telegram by long polling', () => platformedTelegram())
platformContract('Telegram by webhook', () => platformedTelegram({ TELEGRAM_WEBHOOK: 'on' }))
