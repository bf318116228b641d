import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const place = (path: string) => resolve(import.meta.dirname, '../..', path)

/** Puts the development API in front of the window, and keeps its pictures. */
function developmentApi(): Plugin {
  const pictures = new Map<string, Buffer>()
  return {
    name: 'development-api',
    transformIndexHtml: {
      order: 'pre',
      handler: () => [
        {
          tag: 'script',
          attrs: { type: 'module', src: `/@fs${place('tests/renderer/development-api.ts')}` },
          injectTo: 'head-prepend',
        },
      ],
    },
    configureServer(server) {
      server.middlewares.use('/attachments', async (request, response) => {
        const hash = request.url ?? ''
        if (request.method === 'PUT') {
          const chunks: Buffer[] = []
          for await (const chunk of request) chunks.push(chunk)
          pictures.set(hash, Buffer.concat(chunks))
        }
        const bytes = pictures.get(hash)
        response.statusCode = bytes ? 200 : 404
        response.end(bytes)
      })
    },
  }
}

export default defineConfig({
  root: place('src-renderer'),
  plugins: [react(), developmentApi()],
  cacheDir: place('node_modules/.vite-window'),
  server: { fs: { allow: [place('.')] } },
})
