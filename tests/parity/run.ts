import { checkParity } from './parity.ts'

const [checkpointFolder, expectedFolder, imagesFolder] = process.argv.slice(2)
if (!checkpointFolder || !expectedFolder) {
  console.error('Usage: npm run parity -- CHECKPOINT_DIR EXPECTED_DIR [IMAGES_DIR]')
  process.exit(2)
}
const { report, cases } = await checkParity(checkpointFolder, expectedFolder, imagesFolder)
for (const line of report.lines()) console.log(line)
for (const name of report.failedCases) console.log(`failed: ${name}`)
console.log(`parity: ${cases} cases, ${report.failedCases.size} failed`)
process.exit(report.hasFailed ? 1 : 0)
