import { defineConfig } from 'vitest/config'
import { Slowest } from './test/support/reporter.ts'
import { LongestFirst } from './test/support/sequencer.ts'

export default defineConfig({
  test: {
    // Other tests may keep both processors busy.
    expect: { poll: { timeout: 10_000 } },
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // A worker loads each module once, not once a file: what a test changes of a module or of the process, it puts back.
    isolate: false,
    reporters: ['default', new Slowest()],
    sequence: { sequencer: LongestFirst },
  },
})
