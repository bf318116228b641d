import { existsSync } from 'node:fs'
import { mesaDriver } from '../../build/mesa-driver.mjs'

interface SoftwareDriver {
  file: string
  halfFloats: boolean
  /** Takes minutes where the others take seconds. */
  slow?: boolean
}

/**
 * Drivers that compute on the processor, so that the graphs for a GPU can be tested where there is none. Mesa's
 * computes in half floats too; the one that comes with Chromium does not.
 */
const mesa = mesaDriver()
const drivers: readonly SoftwareDriver[] = [
  ...(mesa ? [{ file: mesa, halfFloats: true }] : []),
  { file: '/usr/lib/chromium/vk_swiftshader_icd.json', halfFloats: false, slow: true },
]

/**
 * Lets WebGPU find a software driver and nothing else, in this process and those that it starts. With
 * OWL_TEST_GPU=real the computer's own drivers are used instead, with OWL_TEST_GPU=swiftshader Chromium's.
 * @returns nothing, with a printed reason, where there is none
 */
export function takeSoftwareDriver(): Omit<SoftwareDriver, 'file'> | undefined {
  const wanted = process.env.OWL_TEST_GPU
  if (wanted === 'real') return { halfFloats: true }
  const allowed = drivers.filter(({ slow }) => (wanted === 'swiftshader' ? slow : !slow || testsEverything))
  const driver = allowed.find(({ file }) => existsSync(file))
  if (!driver) {
    console.log('Skipped: no software Vulkan driver here. `npm run test:gpu` installs one on Debian as root.')
    return undefined
  }
  process.env.VK_DRIVER_FILES = driver.file
  process.env.VK_ICD_FILENAMES = driver.file
  return driver
}

/** `npm run test:gpu` tests everything; `npm test` what takes a minute. */
export const testsEverything = process.env.OWL_TEST_GPU !== undefined
