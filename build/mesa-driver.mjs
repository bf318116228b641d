import { existsSync, readFileSync } from 'node:fs'

const places = ['lvp_icd.json', 'lvp_icd.x86_64.json'].map((name) => `/usr/share/vulkan/icd.d/${name}`)
/** The third number of a driver's API version is that of the Vulkan headers that it was made with: Mesa 22 has 230. */
const leastHeaders = 300

/** The file of Mesa's driver that computes on the processor, where it is new enough for WebGPU: Debian 12's own is not. */
export function mesaDriver() {
  return places.find((file) => existsSync(file) && headersOf(file) >= leastHeaders)
}

function headersOf(file) {
  return Number(JSON.parse(readFileSync(file, 'utf8')).ICD.api_version.split('.')[2])
}
