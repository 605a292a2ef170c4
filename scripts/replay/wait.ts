import { setTimeout as wait } from 'node:timers/promises'
import { UserError } from '../../core/index.ts'

const lookMs = 250

/** Looks again and again until it is so. */
export async function until(what: string, timeoutMs: number, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!(await isSo())) {
    if (performance.now() > end) throw new UserError(`Waited ${Math.round(timeoutMs / 1_000)} s for ${what}, in vain.`)
    await wait(lookMs)
  }
}

/** Some at a time, in order of the list; the first fault ends it. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T, index)
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  return results
}
