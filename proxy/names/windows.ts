/** Cuts long texts into windows that overlap, so that whoever reads one window at a time sees every name whole. */

/** A stretch of a text, UTF-16 units. */
export interface TextWindow {
  readonly start: number
  readonly text: string
}

/** How far back a window may end early to end at white space. */
const NEAR = 200
const SPACE = /\s/u

/**
 * Windows of at most `size` units that begin and end between words where there is white space near; each begins
 * `overlap` units (about) before the end of the one before it. Linear. `size` is more than `overlap` + 400.
 */
export function windowsOf(text: string, size: number, overlap: number): TextWindow[] {
  const windows: TextWindow[] = []
  let start = 0
  while (text.length - start > size) {
    const end = lastSpace(text, start + size)
    windows.push({ start, text: text.slice(start, end) })
    start = lastSpace(text, end - overlap)
  }
  windows.push({ start, text: text.slice(start) })
  return windows
}

/** The place behind the last white space before `at`, within reach; else `at`, but never inside a pair. */
function lastSpace(text: string, at: number): number {
  for (let place = at; place > at - NEAR; place--) if (SPACE.test(text.charAt(place - 1))) return place
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at
}
