import { readdir, stat } from 'node:fs/promises'
import { release } from 'node:os'
import { join } from 'node:path'

/** A graphics adapter as the operating system describes it. */
export interface GraphicsAdapter {
  name: string
  /** Memory of its own in bytes; 0 where it uses the computer's. */
  memoryBytes: number
  /** Version of its driver, where the system tells. */
  driver: string
}

/** Adapters that draw a screen of a virtual machine and compute nothing. */
const virtual = /basic (render|display)|microsoft remote|vmware|virtualbox|virtio|qxl|bochs|cirrus|hyper-v|parallels/i

/** The real adapters of this computer, those with the most memory of their own first: WebGPU takes the fastest. */
export async function graphicsAdapters(): Promise<GraphicsAdapter[]> {
  const { default: information } = await import('systeminformation')
  const { controllers } = await information.graphics().catch(() => ({ controllers: [] }))
  const adapters = controllers
    .map(({ model, vendor, name, vram, vramDynamic, memoryTotal, driverVersion }) => ({
      name: (name || model || vendor || '').trim(),
      memoryBytes: (memoryTotal ?? (vramDynamic ? 0 : (vram ?? 0))) * 2 ** 20,
      driver: driverVersion ?? '',
    }))
    .filter(({ name }) => name !== '' && !virtual.test(name))
    .sort((a, b) => b.memoryBytes - a.memoryBytes)
  // Linux names adapters through lspci, which may not be installed.
  if (adapters.length === 0 && (await hasRenderNode())) return [{ name: 'GPU', memoryBytes: 0, driver: '' }]
  return adapters
}

async function hasRenderNode(): Promise<boolean> {
  const names = [...(await readdir('/dev/dri').catch(() => [])), ...(await readdir('/dev').catch(() => []))]
  return process.platform === 'linux' && names.some((name) => /^(renderD\d+|nvidia0)$/.test(name))
}

/** What changes when a graphics driver is installed, updated or chosen by an environment variable. */
export async function driverVersions(
  adapters: readonly GraphicsAdapter[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { VK_DRIVER_FILES, VK_ICD_FILENAMES } = environment
  const drivers = await Promise.all(['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'].map(changes))
  return JSON.stringify([process.platform, release(), adapters, VK_DRIVER_FILES, VK_ICD_FILENAMES, drivers])
}

/** Vulkan drivers are announced by a file each. */
async function changes(folder: string): Promise<unknown[]> {
  const names = await readdir(folder).catch(() => [])
  return Promise.all(names.sort().map(async (name) => [name, (await stat(join(folder, name))).mtimeMs]))
}
