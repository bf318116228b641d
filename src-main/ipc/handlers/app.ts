import { appInfo } from '../../core/app-info.ts'
import type { appCalls } from '../contract/app.ts'
import type { CallOutput } from '../contract.ts'
import type { Handlers } from './handlers.ts'

export function appHandlers(shell: CallOutput<'app.info'>['shell']): Handlers<keyof typeof appCalls> {
  return { 'app.info': () => ({ ...appInfo, shell }) }
}
