import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/desktop/**', '**/node_modules/**'],
    // Two cores: sessions of onnxruntime use both, so test files run one or two at a time, in processes of their own.
    pool: 'forks',
    maxWorkers: 2,
    // One more try for what depends on processes and clocks; the report names a test that needed it.
    retry: 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
