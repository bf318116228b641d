/**
 * Renders a shard of labelled pictures.
 *
 * Usage: npx tsx native-models/training/renderers/render.ts --out FOLDER --samples 24000 --seed 1 --size 224 --split train
 *        [--kinds dialog,form]
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Command, Option } from 'commander'
import { requireFonts } from './fonts.ts'
import { drawSample, kindSchedule } from './sample.ts'
import type { Scene } from './scene.ts'
import { ShardWriter } from './shard.ts'
import { SPLITS, type Split } from './split.ts'
import { Vocabulary } from './vocabulary.ts'

const options = new Command('render')
  .requiredOption('--out <folder>', 'shard to write')
  .requiredOption('--samples <count>', 'number of samples', Number)
  .option('--seed <number>', 'seed of everything random', Number, 1)
  .option('--size <pixels>', 'side of a picture', Number, 224)
  .addOption(new Option('--split <name>').choices(SPLITS).default('train'))
  .option('--kinds <names>', 'only these kinds, separated by commas')
  .parse()
  .opts<{ out: string; samples: number; seed: number; size: number; split: Split; kinds?: string }>()

requireFonts()
const vocabulary = new Vocabulary(options.split)
const schedule = kindSchedule(options.seed, options.kinds?.split(','))
const writer = new ShardWriter(options.out, {
  size: options.size,
  seed: options.seed,
  split: options.split,
  source: 'canvas',
})
const pool: Scene[] = []
const start = performance.now()
let pictures = 0
try {
  for (let index = 0; index < options.samples; index++) {
    const kind = schedule[index % schedule.length] as string
    const sample = drawSample(kind, options.seed, index, vocabulary, options.size, pool)
    pictures += sample.scenes.length
    writer.add(sample)
    // Pixels read from a canvas are given back between turns only: a loop without any took 8 GB for 24 000 samples.
    if (index % 20 === 19) await nextTurn()
  }
} catch (error) {
  writer.abandon()
  throw error
}
writer.finish()
const seconds = (performance.now() - start) / 1000
console.log(
  `${options.out}: ${options.samples} samples, ${pictures} pictures in ${seconds.toFixed(1)} s, ${(pictures / seconds).toFixed(0)} pictures/s`,
)
