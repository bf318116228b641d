/** How far a wheel has to be turned for a step, in pixels: less than one notch of a mouse. */
const stepLength = 50
/** Of wheels that count in lines or pages, in pixels. */
const unitLengths = [1, 33, 400]

/**
 * Adds the movements of a wheel up to steps: a touchpad reports many small ones where a mouse reports a notch.
 * @returns for each movement the step that it completes, never more than one; 0 for none
 */
export function wheelSteps() {
  let moved = 0
  return ({ deltaY, deltaMode }: Pick<WheelEvent, 'deltaY' | 'deltaMode'>): -1 | 0 | 1 => {
    const delta = deltaY * (unitLengths[deltaMode] ?? 1)
    moved = Math.sign(delta) === -Math.sign(moved) ? delta : moved + delta
    if (Math.abs(moved) < stepLength) return 0
    const step = moved > 0 ? 1 : -1
    moved = 0
    return step
  }
}
