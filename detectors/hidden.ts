/**
 * Text written in characters that are not drawn: tag characters (each stands for an ASCII character) and variation
 * selectors (each stands for a byte). The canonical view drops them; here they are read.
 */
import type { RewrittenText } from './rewrite.ts'
import { Rewriter } from './rewrite.ts'

const HIDDEN =
  /(?<tags>[\u{e0020}-\u{e007f}]{2,4096})|(?<selectors>(?:[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]){4,16384})/gu
/** Control characters and the replacement character do not occur in text somebody wrote. */
const UNREADABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd]/u

function decodeTags(tags: string): string {
  let text = ''
  for (const tag of tags) text += String.fromCharCode((tag.codePointAt(0) ?? 0) - 0xe0000)
  return text.replace(/\u007f/gu, '')
}

/** Selectors 1 to 16 are bytes 0 to 15, the supplementary ones the rest. Not text: null. */
function decodeSelectors(selectors: string): string | null {
  const bytes: number[] = []
  for (const selector of selectors) {
    const codePoint = selector.codePointAt(0) ?? 0
    bytes.push(codePoint < 0xe0100 ? codePoint - 0xfe00 : codePoint - 0xe0100 + 16)
  }
  const text = Buffer.from(bytes).toString('utf8')
  return UNREADABLE.test(text) ? null : text
}

/** A text with what is written in tags and selectors in its place; null when there is nothing of it. Linear. */
export function revealHidden(text: string): RewrittenText | null {
  const rewriter = new Rewriter(text)
  for (const match of text.matchAll(HIDDEN)) {
    const { tags, selectors } = match.groups ?? {}
    const decoded = tags === undefined ? decodeSelectors(selectors ?? '') : decodeTags(tags)
    if (decoded !== null && decoded !== '') rewriter.replace(match.index, match[0].length, decoded)
  }
  return rewriter.finish()
}
