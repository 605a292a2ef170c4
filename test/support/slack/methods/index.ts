import { appMethods } from './apps.ts'
import { chatMethods } from './chat.ts'
import { conversationMethods } from './conversations.ts'
import type { Method } from './method.ts'
import { oauthMethods } from './oauth.ts'
import { userMethods } from './users.ts'
import { viewMethods } from './views.ts'

export const methods: Record<string, Method> = {
  ...appMethods,
  ...chatMethods,
  ...conversationMethods,
  ...oauthMethods,
  ...userMethods,
  ...viewMethods,
}
