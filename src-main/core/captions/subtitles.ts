/** What a stretch of a video shows. Times in seconds. */
export interface CaptionedScene {
  start: number
  end: number
  caption: string
}

/** Scenes as a SubRip file. */
export function subRip(scenes: readonly CaptionedScene[]): string {
  return scenes
    .map(
      ({ start, end, caption }, index) => `${index + 1}\n${time(start, ',')} --> ${time(end, ',')}\n${line(caption)}\n`,
    )
    .join('\n')
}

/** Scenes as a WebVTT file; its text knows tags, so what looks like one is written out. */
export function webVtt(scenes: readonly CaptionedScene[]): string {
  const cues = scenes.map(({ start, end, caption }) => {
    const text = line(caption).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    return `${time(start, '.')} --> ${time(end, '.')}\n${text}\n`
  })
  return ['WEBVTT\n', ...cues].join('\n')
}

/** An empty line would end a cue, and an arrow would be read as its times. */
function line(caption: string): string {
  return caption.replace(/\s+/g, ' ').replaceAll('-->', '→').trim()
}

function time(seconds: number, mark: ',' | '.'): string {
  const total = Math.round(seconds * 1000)
  const part = (value: number, digits: number) => String(value).padStart(digits, '0')
  const hours = Math.floor(total / 3_600_000)
  const minutes = Math.floor(total / 60_000) % 60
  return `${part(hours, 2)}:${part(minutes, 2)}:${part(Math.floor(total / 1000) % 60, 2)}${mark}${part(total % 1000, 3)}`
}
