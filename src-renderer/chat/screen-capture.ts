/** One picture of a screen, a window or a tab, before a part of it is chosen. */
export interface CapturedFrame {
  blob: Blob
  width: number
  height: number
}

export function canCaptureScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === 'function'
}

/**
 * Takes one picture of what the person chooses in the browser's own screen picker, and lets go of the screen at once.
 * @returns undefined when the person chose nothing
 */
export async function captureFrame(): Promise<CapturedFrame | undefined> {
  let stream: MediaStream
  try {
    stream = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: false })
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'NotAllowedError') return undefined
    throw thrown
  }
  try {
    const video = document.createElement('video')
    video.muted = true
    video.srcObject = stream
    await video.play()
    const { videoWidth: width, videoHeight: height } = video
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    canvas.getContext('2d')?.drawImage(video, 0, 0)
    return { blob: await toPng(canvas), width, height }
  } finally {
    for (const track of stream.getTracks()) track.stop()
  }
}

/** A part of a captured picture, as a file. */
export async function cutFrame(
  { blob, width, height }: CapturedFrame,
  part: { x: number; y: number; width: number; height: number } | undefined,
  name: string,
): Promise<File> {
  if (!part) return new File([blob], name, { type: 'image/png' })
  const bitmap = await createImageBitmap(blob)
  const canvas = document.createElement('canvas')
  canvas.width = Math.min(part.width, width)
  canvas.height = Math.min(part.height, height)
  canvas.getContext('2d')?.drawImage(bitmap, -part.x, -part.y)
  bitmap.close()
  return new File([await toPng(canvas)], name, { type: 'image/png' })
}

function toPng(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large.'))), 'image/png'),
  )
}
