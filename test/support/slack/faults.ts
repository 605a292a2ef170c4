import type { Fault, State } from './state.ts'

type CallFault = Extract<Fault, { method?: string }>

/** The fault that this call has to meet, used up by it. */
export function faultOf(state: State, method: string, channel: unknown): CallFault | undefined {
  const fault = state.faults.find((each) => {
    if (each.type === 'drop' || each.type === 'duplicate' || each.type === 'deaf' || each.times <= 0) return false
    const fits = each.method === undefined || each.method === method
    return fits && (each.channel === undefined || each.channel === channel)
  })
  if (!fault) return undefined
  fault.times -= 1
  return fault as CallFault
}

export function takeFault(state: State, type: 'duplicate' | 'deaf'): boolean {
  const fault = state.faults.find((each) => each.type === type && each.times > 0)
  if (!fault) return false
  fault.times -= 1
  return true
}
