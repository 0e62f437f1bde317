/** Which part of a prompt is read: a bounded one, so that a class costs the same for 4 KB and for 4 MB. */

/** UTF-16 units read of the last text: its beginning and its end, where instructions stand. */
export const LAST_HEAD = 2048
export const LAST_TAIL = 1024
/** Units read of the texts before it, most recent first, each from its beginning. */
export const EARLIER = 1024

/**
 * At most 4 Ki units of the texts, oldest first. The last text is the question that is asked now: it is read
 * whole up to 3 Ki units, else its first 2 Ki and last 1 Ki.
 */
export function sampleOf(texts: readonly string[]): string {
  const last = texts.at(-1) ?? ''
  const parts = [
    last.length <= LAST_HEAD + LAST_TAIL
      ? last
      : `${last.slice(0, LAST_HEAD)}\n${last.slice(last.length - LAST_TAIL)}`,
  ]
  let left = EARLIER
  for (let i = texts.length - 2; i >= 0 && left > 0; i--) {
    const piece = texts[i]?.slice(0, left) ?? ''
    left -= piece.length + 1
    parts.push(piece)
  }
  return parts.length === 1 ? (parts[0] ?? '') : parts.reverse().join('\n')
}
