import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const source = (path: string) => resolve(import.meta.dirname, path)

/** KaTeX names each font in three formats; one is enough for the browsers that the window runs in. */
const oneFontFormat = {
  name: 'one-font-format',
  enforce: 'pre' as const,
  transform(code: string, id: string) {
    if (!/katex.*\.css/.test(id)) return undefined
    return code.replace(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\([^)]*\)/g, '')
  },
}

/** Main has four entries that also run on plain Node; `dependencies` of package.json stay outside the bundles. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node20.19',
      rolldownOptions: {
        input: {
          index: source('src-main/index.ts'),
          cli: source('src-main/cli.ts'),
          'quantizer-worker': source('native-models/quantization/quantizer-worker.ts'),
          'inference-process': source('src-main/inference/inference-process.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload script is CommonJS in one file.
      rolldownOptions: {
        input: { preload: source('src-main/ipc/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: source('src-renderer'),
    plugins: [react(), oneFontFormat],
    resolve: {
      alias: {
        // Formulas: the browser's own parser reports their style attributes as breaches of the security policy.
        'hast-util-from-html-isomorphic': source('node_modules/hast-util-from-html-isomorphic/index.js'),
      },
    },
    build: {
      outDir: source('out/renderer'),
      license: { fileName: 'licenses.md' },
      minify: true,
      // Read from the disk at once, not over a network.
      chunkSizeWarningLimit: 2000,
      // The content security policy takes no fonts out of style sheets.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: {
          index: source('src-renderer/index.html'),
          capture: source('src-renderer/capture/index.html'),
          'video-frames': source('src-renderer/video-frames.html'),
        },
      },
    },
  },
})
