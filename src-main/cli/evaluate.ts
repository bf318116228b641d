import { Command, Option } from 'commander'
import type { EvaluationResult, TextAid } from '../core/evaluation.ts'
import type { Message, PictureInput } from '../inference/protocol.ts'
import { type InferenceOptions, inferenceOptions, numberBetween } from './option-values.ts'
import { runAction } from './run-action.ts'

interface EvaluateFlags extends InferenceOptions {
  out?: string
  most?: number
  firstFrameOnly?: boolean
  aid: 'none' | 'simulated' | 'read' | 'both' | 'all'
  json?: boolean
}

export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description('ask a set of questions with known answers, and score the answers')
    .argument('<set>', 'JSON lines: {"images": ["a.png"], "question": "...", "answers": ["yes"], "kind": "checkbox"}')
    .option('-o, --out <file>', 'write each prediction as a JSON line; an interrupted run continues from it')
    .addOption(
      new Option('--aid <text>', 'text given with the question: none, the lines that the set holds, or as read')
        .choices(['none', 'simulated', 'read', 'both', 'all'])
        .default('none'),
    )
    .option(
      '--most <count>',
      'ask only so many questions of each kind, the first ones',
      numberBetween(1, Number.MAX_SAFE_INTEGER, 'integer'),
    )
    .option('--first-frame-only', 'ask clips once more with their first frame alone, beside the score with all frames')
    .option('--json', 'print the scores as one object')
    .addHelpText(
      'after',
      `
Paths of pictures are relative to the set. Answers are compared as in VQA: lower case, without punctuation and
articles, number words as digits. Beside each score stands what the best constant answer would get. "simulated" gives
the lines of text in the pictures (\`text\` of the set), as a reader without mistakes would; "read" gives what
the program's own reader finds in them. "both" asks with none and simulated, "all" with all three.
Clips are questions whose kind begins with "clip" and whose pictures are frames in order of time; what their first frame
alone gets takes no knowledge of time.

Examples:
  owl evaluate windows.jsonl
  owl evaluate windows.jsonl --out predictions.jsonl --aid both
  owl evaluate clips.jsonl --first-frame-only`,
    )
  for (const option of inferenceOptions) command.addOption(option)
  return command.action((set: string, flags: EvaluateFlags) =>
    runAction(async (signal) => {
      const { readEvaluationSet } = await import('../core/evaluation-set.ts')
      const questions = await readEvaluationSet(set)
      const { openModels } = await import('./open-models.ts')
      const { evaluate, evaluationSampling, textAids } = await import('../core/evaluation.ts')
      const { withProgress } = await import('./terminal-progress.ts')
      const { Reading } = await import('../core/reading.ts')
      const { inferenceEntry } = await import('../core/program-folder.ts')
      const { ForkHost } = await import('../inference/fork-host.ts')
      const models = openModels(flags, true)
      const reading = new Reading({ host: new ForkHost(inferenceEntry), threads: flags.threads })
      try {
        let loading: Promise<unknown> | undefined
        const answer = async (messages: Message[]) => {
          // Not before it is needed: a run that is complete only has to be scored.
          loading ??= models.load(flags.model, { signal })
          await loading
          return (await models.generate({ messages, sampling: evaluationSampling }, { signal })).text
        }
        const { out, aid, most, firstFrameOnly } = flags
        const aids: readonly TextAid[] = aid === 'all' ? textAids : aid === 'both' ? ['none', 'simulated'] : [aid]
        if (aids.includes('simulated') && !questions.some(({ text }) => text !== undefined)) {
          console.error('No question of the set holds `text`: with it the questions are the same as without.')
        }
        const read = async (picture: PictureInput) =>
          (await reading.read(picture, { signal })).lines.map(({ text }) => text)
        const { scores, firstFrame, failures } = await withProgress((onProgress) =>
          evaluate(questions, answer, { out, aids, most, firstFrame: firstFrameOnly, read, signal, onProgress }),
        )
        for (const { index, error } of failures) console.error(`question ${index + 1}: ${error}`)
        if (flags.json) {
          const byAid = Object.fromEntries(scores.map(({ aid, score }) => [aid, score]))
          console.log(JSON.stringify({ ...byAid, firstFrame }, null, 2))
        } else printScores(scores, firstFrame)
      } finally {
        await Promise.all([models.close(), reading.close()])
      }
    }),
  )
}

const headings = { none: 'exact', simulated: 'with text', read: 'text read' }

/**
 * One line a kind: its number of questions, the score with each aid, that of clips with their first frame alone, and the
 * best constant answer.
 */
function printScores(scores: EvaluationResult['scores'], firstFrame: EvaluationResult['firstFrame']): void {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(10)
  const first = scores[0]!.score
  const width = Math.max(5, ...first.kinds.map(({ kind }) => kind.length))
  const columns = scores.map(({ aid }) => headings[aid].padStart(10)).join('')
  const oneFrame = (kind: string) => {
    if (!firstFrame) return ''
    const score = firstFrame.kinds.find((one) => one.kind === kind)
    return score ? percent(score.exactMatch) : ''.padStart(10)
  }
  console.log(`${'kind'.padEnd(width)}      n${columns}${firstFrame ? ' one frame' : ''}  constant answer`)
  for (const [place, { kind, n, constant, constantAnswer }] of first.kinds.entries()) {
    const shares = scores.map(({ score }) => percent(score.kinds[place]!.exactMatch)).join('')
    console.log(
      `${kind.padEnd(width)} ${String(n).padStart(6)}${shares}${oneFrame(kind)}${percent(constant)} ${JSON.stringify(constantAnswer)}`,
    )
  }
  const totals = scores.map(({ score }) => percent(score.exactMatch)).join('')
  if (first.n > 0)
    console.log(
      `${'total'.padEnd(width)} ${String(first.n).padStart(6)}${totals}${oneFrame('')}${percent(first.constant)}`,
    )
  for (const { aid, score } of scores) {
    if (!score.captions) continue
    const { n, statedTrue, factsStated, reference } = score.captions
    const expected = (share: number) => `(${percent(share).trim()} by the expected captions)`
    console.log(
      `${n} captions${aid === 'none' ? '' : ' with text'}: ` +
        `${percent(statedTrue).trim()} of what they state is true ${expected(reference.statedTrue)}, ` +
        `${percent(factsStated).trim()} of the facts are stated ${expected(reference.factsStated)}`,
    )
  }
}
