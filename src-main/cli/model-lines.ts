import type { InstallPlan } from '../core/install-plan.ts'
import type { Agreement } from '../core/model-agreement.ts'
import type { Verification } from '../core/model-care.ts'
import type { InstallState } from '../core/model-installs.ts'
import type { Model } from '../core/model-library.ts'

/** Lines of `owl models`, a function each. */

export function modelList(models: readonly Model[], under: readonly InstallState[]): string {
  if (models.length + under.length === 0) return 'No model is installed.'
  const width = Math.max(...[...models, ...under].map(({ name }) => name.length))
  const lines = models.map(({ name, title, bytes, embedded, damaged }) => {
    const notes = [embedded && 'comes with the program', damaged && 'damaged: owl models repair'].filter(Boolean)
    return `${name.padEnd(width)}  ${size(bytes)}  ${title}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`
  })
  for (const { name, title, state, error } of under) {
    const next = state === 'paused' || state === 'failed' ? `; owl models resume ${name}` : ''
    lines.push(
      `${name.padEnd(width)}  ${' '.repeat(8)}  ${title} (${state}${error ? `: ${error.message}` : ''}${next})`,
    )
  }
  return lines.join('\n')
}

export function planLines(plan: InstallPlan): string {
  const { title, terms, convertSeconds, memory } = plan
  return [
    `${title}, ${(plan.weights / 1e6).toFixed(0)} million weights`,
    plan.downloadBytes > 0 && `download   ${size(plan.downloadBytes)}`,
    `installed  ${size(plan.installedBytes)}`,
    `disk       ${size(plan.neededBytes)} needed, ${size(plan.freeBytes).trim()} free`,
    `memory     ${size(memory.cpu)} on the processor, ${size(memory.webgpu).trim()} on a GPU; ${size(plan.availableMemory).trim()} free${plan.gpuMemory > 0 ? `, ${size(plan.gpuMemory).trim()} on the GPU` : ''}`,
    `converting about ${Math.max(1, Math.round(convertSeconds / 60))} min`,
    terms && `licence    ${terms.name}${terms.address ? ` (${terms.address})` : ''}`,
  ]
    .filter(Boolean)
    .join('\n')
}

export function answerLine(answer: Verification['answer']): string {
  const lines = {
    same: 'It answers as it did when it was installed.',
    different: 'It answers otherwise than when it was installed: another processor or runtime rounds otherwise.',
    kept: 'Its answer to the question of the check is kept, to compare with from now on.',
    'nothing kept': 'It comes with the program, and no answer is kept to compare with: its files were compared.',
    'no room': 'It was not asked: memory is short.',
    damaged: 'It was not asked.',
  }
  return lines[answer]
}

export function agreementLine(agreement: Agreement | undefined): string | undefined {
  if (!agreement) return undefined
  const { cosine, sameBest, positions } = agreement
  return `Against its checkpoint in full precision: cosine of the logits ${cosine.toFixed(5)}, same best token at ${sameBest} of ${positions} positions.`
}

export function size(bytes: number): string {
  const mebibytes = bytes / 2 ** 20
  const text = mebibytes < 1000 ? `${mebibytes.toFixed(0)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`
  return text.padStart(8)
}
