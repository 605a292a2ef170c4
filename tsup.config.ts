import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { main: 'bots/main.ts' },
  format: ['esm'],
  target: 'node24',
  platform: 'node',
  sourcemap: true,
  clean: true,
  dts: false,
  splitting: true,
})
