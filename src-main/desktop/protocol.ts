import { join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { net, protocol } from 'electron'
import { OwlError } from '../../native-models/owl-error.ts'
import type { Assistant } from '../core/assistant.ts'
import { attachmentHeaders, windowHeaders } from '../ipc/content-security.ts'
import type { Attachment } from '../storage/attachment-store.ts'

const scheme = 'owl'
const origin = `${scheme}://app`

/** Address of the window's page. */
export const windowUrl = `${origin}/index.html`

/** Address of the page that chooses what a picture of the screen shows. */
export const captureUrl = `${origin}/capture/index.html`

/** Whether an address is the window's page, the only one that main listens to. */
export function isOwnPage(url: string): boolean {
  return url.startsWith(`${origin}/`) && !url.startsWith(`${origin}/capture/`)
}

/** Makes `owl:` a scheme like https, with an origin and relative addresses. Before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/**
 * Serves the built window, pictures and exports under `owl://app/`; nothing else of the disk can be reached.
 * @param captures answers what lies under `captures/`
 */
export function serveScheme(
  rendererFolder: string,
  assistant: Assistant,
  captures: (request: Request) => Promise<Response>,
): void {
  protocol.handle(scheme, async (request) => {
    const { host, pathname } = new URL(request.url)
    if (host === 'app' && pathname.startsWith('/captures/')) return captures(request)
    if (host !== 'app' || request.method !== 'GET') return refusal(403)
    const [, place, name = ''] = pathname.split('/')
    if (place === 'attachments') return pictureResponse(assistant.attachments.read(name))
    if (place === 'thumbnails') return pictureResponse(assistant.thumbnails.read(name))
    if (place === 'exports') return exportResponse(assistant, name)
    const file = join(rendererFolder, decodeURIComponent(pathname))
    if (!file.startsWith(rendererFolder + sep)) return refusal(403)
    const response = await net.fetch(pathToFileURL(file).href).catch(() => refusal(404))
    const headers = new Headers(response.headers)
    for (const [name, value] of Object.entries(windowHeaders)) headers.set(name, value)
    return new Response(response.body, { status: response.status, headers })
  })
}

async function pictureResponse(reading: Promise<Attachment>): Promise<Response> {
  try {
    const { bytes, mediaType } = await reading
    return new Response(new Uint8Array(bytes), { headers: { ...attachmentHeaders, 'Content-Type': mediaType } })
  } catch (thrown) {
    return refusal(OwlError.from(thrown).code === 'not-found' ? 404 : 500)
  }
}

/** Electron asks where to save it. */
async function exportResponse(assistant: Assistant, id: string): Promise<Response> {
  try {
    const { path, fileName } = await assistant.transfers.download(id)
    const { body } = await net.fetch(pathToFileURL(path).href)
    const headers = { 'Content-Type': 'application/zip', 'Content-Disposition': `attachment; filename="${fileName}"` }
    return new Response(body, { headers })
  } catch {
    return refusal(404)
  }
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: windowHeaders })
}
