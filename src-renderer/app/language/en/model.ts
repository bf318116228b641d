import { number } from './numbers.ts'

export const model = {
  menu: 'Choose a model',
  none: 'No model',
  noneTitle: 'No model is loaded',
  noneHint: 'Choose one in the menu above, or install one with `owl models add`.',
  nothingInstalled: 'No model is installed. Add one with `owl models add`.',
  loading: (title: string) => `Loading ${title}`,
  loadingFor: (wholeSeconds: number) => `${wholeSeconds} s`,
  ready: (title: string, device: string) => `${title} is ready on ${device}`,
  failed: (title: string) => (title ? `${title} did not load` : 'The models could not be listed'),
  device: { cpu: 'CPU', webgpu: 'GPU', cuda: 'GPU (CUDA)', dml: 'GPU (DirectML)', coreml: 'GPU (CoreML)' },
  insteadOfGpu: 'CPU instead of GPU',
  useProcessor: 'Use the processor now? It gives the same answers, more slowly.',
  thisTime: 'This time',
  everyTime: 'Whenever the GPU cannot be used',
  tryGpuAgain: 'Try the GPU again',
  onProcessor: (reason: string) => `The model runs on the processor: ${reason}`,
  understood: 'Hide',
  embedded: 'comes with the app',
  use: 'Use',
  inUse: 'in use',
  size: (bytes: number) =>
    bytes >= 1e9 ? `${number.format(bytes / 1e9)} GB` : `${number.format(Math.max(0.1, bytes / 1e6))} MB`,
}
