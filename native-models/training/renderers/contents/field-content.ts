import { type Ask, counted, yesNo } from '../questions.ts'
import type { Random } from '../random.ts'
import type { Vocabulary } from '../vocabulary.ts'
import { fact, lower, presence } from './content-asks.ts'
import type { Content } from './window-content.ts'

/** Text fields; an empty value is an empty field. */
export function fieldContent(
  random: Random,
  vocabulary: Vocabulary,
  names: readonly string[],
  values: readonly string[],
): Content {
  const count = names.length
  const indices = names.map((_, index) => index)
  const filled = indices.filter((index) => values[index] !== '')
  const empty = indices.filter((index) => values[index] === '')
  const asks: Ask[] = [
    counted('count', 'count-fields', count, ['field', 'fields']),
    presence(
      random,
      'field-present',
      names,
      () => vocabulary.fields(random, 1)[0]!,
      (name) => `a field for ${name}`,
    ),
  ]
  for (const index of random.sample(filled, 2)) {
    const [name, value] = [names[index]!, values[index]!]
    asks.push({ ...fact('field', 'field', value, `The ${name} field contains "${value}".`), slots: { x: name } })
  }
  const asked = random.chance(0.5) ? empty : filled
  if (asked.length > 0) {
    const index = random.pick(asked)
    const name = names[index]!
    asks.push(
      yesNo(
        'field-empty',
        'field-empty',
        name,
        values[index] === '',
        `the ${name} field is empty`,
        `the ${name} field contains "${values[index]}"`,
      ),
    )
  }
  const each = names.map((name, index) => `${name} ${values[index] === '' ? 'empty' : `"${values[index]}"`}`)
  return {
    things: ['text field'],
    summary: `with ${count === 1 ? 'a field' : `${count} fields`}: ${each.join(', ')}`,
    facts: ['field', ...lower(names)],
    asks,
  }
}
