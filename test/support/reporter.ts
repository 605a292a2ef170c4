import path from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'

/** Says at the end of a run which files took longest, with what loading their modules took. */
export class Slowest implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const files = modules
      .map((module) => {
        const { duration, collectDuration, setupDuration, prepareDuration } = module.diagnostic()
        const loading = collectDuration + setupDuration + prepareDuration
        return { name: path.relative(process.cwd(), module.moduleId), loading, all: duration + loading }
      })
      .sort((a, b) => b.all - a.all)
      .slice(0, 10)
    if (files.length < 2) return
    console.log('\n Slowest files (of that: loading modules)')
    for (const { name, loading, all } of files)
      console.log(`${seconds(all).padStart(7)} s (${seconds(loading)})  ${name}`)
  }
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(1)
