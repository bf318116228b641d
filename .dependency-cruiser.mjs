/**
 * Who may import whom: native-models <- inference <- core <- { desktop, cli, server, ipc transports }; storage <- core.
 * A wrong import fails `npm run check`.
 */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(native-models|src-main|src-renderer|tests|build)/', pathNot: allowed },
})

const electronPlaces = '^src-main/(index\\.ts|desktop/|ipc/electron-|ipc/preload\\.ts)'

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only(
      'native-models-is-the-base',
      '^native-models/',
      '^native-models/',
      'The model knows nothing of the assistant.',
    ),
    only(
      'storage-stands-alone',
      '^src-main/storage/',
      '^(src-main/storage|native-models)/',
      'Storage is used by core, not the other way round.',
    ),
    only(
      'inference-uses-the-model',
      '^src-main/inference/',
      '^(src-main/inference|native-models)/',
      'Inference builds on native-models only.',
    ),
    only(
      'core-uses-inference-and-storage',
      '^src-main/core/',
      '^(src-main/(core|inference|storage)|native-models)/',
      'Core knows no shell.',
    ),
    only(
      'contract-is-pure',
      '^src-main/ipc/contract(\\.ts|/)',
      '^(src-main/ipc/contract|src-main/core|native-models)',
      'The contract is schemas and types.',
    ),
    only(
      'renderer-sees-the-contract-only',
      '^src-renderer/',
      '^(src-renderer/|src-main/ipc/contract\\.ts$|native-models/mplug-owl2/video/)',
      'The renderer imports the contract and nothing else of main; how a video is sampled is the same in both.',
    ),
    {
      name: 'renderer-imports-types-only',
      severity: 'error',
      comment: 'No code of main ends up in the renderer bundle.',
      from: { path: '^src-renderer/' },
      to: { path: '^src-main/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'electron-stays-in-its-shell',
      severity: 'error',
      comment: 'Only the entry, desktop/, the Electron transport and the preload import electron.',
      from: { path: '^(native-models|src-main|src-renderer)/', pathNot: electronPlaces },
      to: { path: 'node_modules/electron(-updater)?/|^electron$' },
    },
    {
      name: 'product-does-not-import-tests',
      severity: 'error',
      from: { path: '^(native-models|src-main|src-renderer)/' },
      to: { path: '^tests/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^(virtual:|\\?)' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(\\.venv|training/(data|runs))/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
