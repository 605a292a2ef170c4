import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Other tests may keep both processors busy.
    expect: { poll: { timeout: 10_000 } },
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
