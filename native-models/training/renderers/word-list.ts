/**
 * Writes words.txt: the commonest short English words of WordNet 3.0 (Debian package wordnet-base), commonest first.
 * Run once; the result is committed, so that rendering needs no WordNet.
 *
 * Usage: npx tsx native-models/training/renderers/word-list.ts [/usr/share/wordnet/cntlist.rev]
 */
import { readFileSync, writeFileSync } from 'node:fs'

const WORDS = 4000
/** Words that would look wrong in an example window. */
const UNWANTED =
  /sex|kill|murder|rape|nazi|slave|dead|death|die|drug|naked|breast|hell|damn|god|jesus|christ|suicid|whore|bomb|corpse|nigg|fuck|shit|bitch|negro|jew|ass$|^ass|penis|anal|bloody|terror|tortur|massacre/

const source = process.argv[2] ?? '/usr/share/wordnet/cntlist.rev'
const counts = new Map<string, number>()
for (const line of readFileSync(source, 'utf8').split('\n')) {
  const match = /^([a-z]{3,10})%[1-4]\S* \d+ (\d+)/.exec(line)
  if (match === null) continue
  const [, word, count] = match as unknown as [string, string, string]
  if (!UNWANTED.test(word)) counts.set(word, (counts.get(word) ?? 0) + Number(count))
}
const words = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, WORDS)
writeFileSync(new URL('./words.txt', import.meta.url), `${words.map(([word]) => word).join('\n')}\n`)
console.log(
  `${words.length} words, from ${words[0]?.[0]} (${words[0]?.[1]}) to ${words.at(-1)?.[0]} (${words.at(-1)?.[1]})`,
)
