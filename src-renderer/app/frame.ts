/**
 * Calls back before the next paint, so that what arrives meanwhile is shown in one go. A hidden window
 * paints no frames; a timer stands in for them there (and where there is no window at all).
 */
export function onNextFrame(callback: () => void): void {
  if (typeof document === 'undefined' || document.hidden) setTimeout(callback, 16)
  else requestAnimationFrame(callback)
}
