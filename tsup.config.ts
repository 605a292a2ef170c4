import { cp } from 'node:fs/promises'
import { defineConfig } from 'tsup'

// Packages stay in node_modules; what is read from the disk at run time stands beside the bundle as it stands in the source.
export default defineConfig({
  entry: { main: 'bots/main.ts' },
  format: ['esm'],
  target: 'node24',
  platform: 'node',
  sourcemap: true,
  clean: true,
  dts: false,
  splitting: true,
  async onSuccess() {
    await cp('prompts', 'dist/prompts', { recursive: true })
    await cp('bots/web/client', 'dist/client', { recursive: true })
  },
})
