import { Command } from 'commander'
import type { EvaluationScore } from '../core/evaluation-score.ts'
import type { Message } from '../inference/protocol.ts'
import { type InferenceOptions, inferenceOptions } from './option-values.ts'
import { runAction } from './run-action.ts'

interface EvaluateFlags extends InferenceOptions {
  out?: string
  withText?: boolean
  json?: boolean
}

export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description('ask a set of questions with known answers, and score the answers')
    .argument('<set>', 'JSON lines: {"images": ["a.png"], "question": "...", "answers": ["yes"], "kind": "checkbox"}')
    .option('-o, --out <file>', 'write each prediction as a JSON line; an interrupted run continues from it')
    .option('--with-text', 'give the lines of text in the pictures (`text` of the set) with the question')
    .option('--json', 'print the scores as one object')
    .addHelpText(
      'after',
      `
Paths of pictures are relative to the set. Answers are compared as in VQA: lower case, without punctuation and
articles, number words as digits. Beside each score stands what the best constant answer would get.

Examples:
  owl evaluate windows.jsonl
  owl evaluate windows.jsonl --out predictions.jsonl --with-text`,
    )
  for (const option of inferenceOptions) command.addOption(option)
  return command.action((set: string, flags: EvaluateFlags) =>
    runAction(async (signal) => {
      const { readEvaluationSet } = await import('../core/evaluation-set.ts')
      const questions = await readEvaluationSet(set)
      const { openModels } = await import('./open-models.ts')
      const { evaluate, evaluationSampling } = await import('../core/evaluation.ts')
      const { withProgress } = await import('./terminal-progress.ts')
      const models = openModels(flags)
      try {
        let loading: Promise<unknown> | undefined
        const answer = async (messages: Message[]) => {
          // Not before it is needed: a run that is complete only has to be scored.
          loading ??= models.load(flags.model, { signal })
          await loading
          return (await models.generate({ messages, sampling: evaluationSampling }, { signal })).text
        }
        const { out, withText } = flags
        const { score, failures } = await withProgress((onProgress) =>
          evaluate(questions, answer, { out, withText, signal, onProgress }),
        )
        for (const { index, error } of failures) console.error(`question ${index + 1}: ${error}`)
        if (flags.json) console.log(JSON.stringify(score, null, 2))
        else printScore(score)
      } finally {
        await models.close()
      }
    }),
  )
}

function printScore({ kinds, n, exactMatch, constant }: EvaluationScore): void {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(8)
  const width = Math.max(5, ...kinds.map(({ kind }) => kind.length))
  console.log(`${'kind'.padEnd(width)}      n    exact  constant answer`)
  for (const score of kinds) {
    const { kind, constantAnswer } = score
    console.log(
      `${kind.padEnd(width)} ${String(score.n).padStart(6)} ${percent(score.exactMatch)} ${percent(score.constant)} ${JSON.stringify(constantAnswer)}`,
    )
  }
  console.log(`${'total'.padEnd(width)} ${String(n).padStart(6)} ${percent(exactMatch)} ${percent(constant)}`)
}
