import { type Device, gpuProviders } from '../inference/providers.ts'

/** Where a person wants models to run: `gpu` is the best GPU that works, and never the processor. */
export type DeviceChoice = 'auto' | 'gpu' | Device

export const deviceChoices: readonly DeviceChoice[] = ['auto', 'gpu', 'cpu', ...gpuProviders]
