import type { Execution } from '../../src-main/inference/providers.ts'
import { ConversationParity } from './conversation-parity.ts'
import { ParityReport } from './parity-report.ts'
import { checkPictures, checkPixels } from './picture-parity.ts'
import { Reference } from './reference.ts'
import { TappedModel } from './tapped-model.ts'

/**
 * Installs a checkpoint in float32 and compares it, state by state, with what the published code made of it.
 * @param expectedFolder `index.json` and the tensors of each picture and conversation
 * @param imagesFolder the pictures themselves; where left out, only the reference's pixels are used
 * @param execution where the graphs run; the processor where left out
 */
export async function checkParity(
  checkpointFolder: string,
  expectedFolder: string,
  imagesFolder?: string,
  execution?: Execution,
): Promise<{ report: ParityReport; cases: number }> {
  const reference = await Reference.open(expectedFolder)
  const report = new ParityReport()
  const model = await TappedModel.install(checkpointFolder, execution)
  try {
    if (imagesFolder) await checkPixels(model, reference, imagesFolder, report)
    const visualRows = await checkPictures(model, reference, report)
    for (const [name, rows] of visualRows) model.seenPictures.set(name, rows)
    for (const conversation of reference.cases) {
      const expected = await reference.tensors(conversation.file)
      await new ConversationParity(model, conversation, expected, visualRows, report).check()
    }
  } finally {
    await model.remove()
  }
  return { report, cases: reference.cases.length }
}
