import type { Manifest } from '../../native-models/install/manifest.ts'
import { buildPrompt, type PromptSegment } from '../../native-models/mplug-owl2/prompt.ts'
import type { Message, MessagePart, PictureInput } from '../../src-main/inference/protocol.ts'
import type { ParityReport } from './parity-report.ts'
import type { ReferenceCase } from './reference.ts'
import type { TappedModel } from './tapped-model.ts'

type Segment = PromptSegment<PictureInput>

const pictureMark = '<|image|>'
/** What stands for a picture among the reference's ids. */
const pictureId = -200

/** The reference's pixels are fed in by name, so that its pictures are never read. */
export function namedPicture(name: string): PictureInput {
  return { hash: name, name, source: { bytes: new Uint8Array() } }
}

/** The turns of a case as a conversation, or nothing where it has only a raw prompt. */
export function messagesOf({ turns, images }: ReferenceCase): Message[] | undefined {
  let next = 0
  return turns?.map((turn, index) => {
    const parts = turn.split(pictureMark).flatMap((text, part): MessagePart[] => {
      const picture: MessagePart[] = part > 0 ? [{ type: 'picture', picture: namedPicture(images[next++]!) }] : []
      return text === '' ? picture : [...picture, { type: 'text', text }]
    })
    return { role: index % 2 === 0 ? 'user' : 'assistant', parts }
  })
}

/** The prompt of a case as the published code gave it to the model. */
export function referencePrompt({ input_ids, images }: ReferenceCase): Segment[] {
  const segments: Segment[] = []
  let next = 0
  for (const id of input_ids) {
    const last = segments.at(-1)
    if (id === pictureId) segments.push({ kind: 'picture', picture: namedPicture(images[next++]!) })
    else if (last?.kind === 'text') last.ids.push(id)
    else segments.push({ kind: 'text', ids: [id] })
  }
  return segments
}

/**
 * What the published code makes of a prompt. It takes a first id that is the BOS for one that the tokenizer puts
 * before every piece, and drops the first id of each later piece. Where the BOS comes from a chat template instead,
 * a token of the text is lost after each picture ("What" becomes "hat"); Owl keeps it.
 * @param bosId of the checkpoint's config.json
 */
export function asPublished(segments: readonly Segment[], manifest: Manifest, bosId: number | undefined): Segment[] {
  const [first] = segments
  const isMistaken = manifest.prompt.beginTokens.length === 0 && first?.kind === 'text' && first.ids[0] === bosId
  if (!isMistaken) return [...segments]
  return segments.map((segment, index) =>
    index > 0 && segment.kind === 'text' ? { kind: 'text', ids: segment.ids.slice(1) } : segment,
  )
}

/** Compares the token ids of a case: of its raw prompt, and where it has turns of the prompt built from them. */
export function checkPrompt(model: TappedModel, conversation: ReferenceCase, report: ParityReport): void {
  const { tokenizer, manifest } = model.pipeline
  const raw = conversation.prompt
    .split(pictureMark)
    .flatMap((text, index): Segment[] => [
      ...(index > 0 ? [{ kind: 'picture' as const, picture: namedPicture(conversation.images[index - 1]!) }] : []),
      { kind: 'text', ids: [...(index === 0 ? manifest.prompt.beginTokens : []), ...tokenizer.encode(text)] },
    ])
  const compare = (group: string, segments: readonly Segment[]) => {
    const ids = asPublished(segments, manifest, model.bosId).flatMap((segment) =>
      segment.kind === 'text' ? segment.ids : [pictureId],
    )
    report.same(group, conversation.name, ids, conversation.input_ids)
  }
  compare('raw prompt to ids', raw)
  const messages = messagesOf(conversation)
  if (messages) compare('turns to ids', buildPrompt(messages, manifest.prompt, tokenizer))
}
