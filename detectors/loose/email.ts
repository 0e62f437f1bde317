/** E-mail addresses that are broken apart: by spaces between their characters or around their marks, or by lines. */
import type { Finding, Span } from '../types.ts'

/** Characters looked at on either side of the `@`. */
const REACH = 240

const ENDINGS =
  'com|org|net|edu|gov|info|biz|io|eu|me|co|de|at|ch|fr|be|nl|es|pt|br|it|uk|ie|pl|cz|sk|hu|ro|se|no|dk|fi|ru|ua|us|ca|au|nz|in|jp|cn|mx|ar|gr|tr|il|za|kr|tw|hk|sg|app|dev|xyz|online|cloud|email|example|test|local'
const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?'
const WHOLE = new RegExp(
  `^[\\p{L}\\p{N}._%+'-]{1,64}@(?:${LABEL}\\.){1,6}(?:${ENDINGS}|[\\p{L}]{2,12})$`,
  'iu',
)

/** `j a n e @`: single characters with the same spaces between them. */
const SPACED_LEFT = /(?:(?<![\p{L}\p{N}._+-])[\p{L}\p{N}._+-][ \t_-]{1,5}){2,64}$/u
const SPACED_RIGHT = /^(?:[ \t_-]{1,5}[\p{L}\p{N}.-](?![\p{L}\p{N}])){4,80}/u
/** `jane.doe @ example . com`: spaces on both sides of marks. */
const LOOSE_LEFT = /[\p{L}\p{N}_%+-]{1,40}(?:(?:\.| \. )[\p{L}\p{N}_%+-]{1,40}){0,3}[ \t]{0,2}$/u
const LOOSE_RIGHT = new RegExp(
  `^[ \\t]{0,2}${LABEL}(?:(?:\\.| \\. )${LABEL}){0,4}(?:\\.| \\. )(?:${ENDINGS})(?![\\p{L}\\p{N}])`,
  'iu',
)

function spacedAt(before: string, after: string, at: number): Span | null {
  if (!/[ \t_-]$/u.test(before.slice(-1)) || !/^[ \t_-]/u.test(after)) return null
  const left = SPACED_LEFT.exec(before)
  const right = SPACED_RIGHT.exec(after)
  if (left === null || right === null) return null
  const squeeze = (text: string): string => text.replace(/[ \t]+/gu, '')
  let domain = right[0]
  // What follows may be words of one letter: give up characters from the end until it reads as an address.
  for (let i = 0; i < 8; i += 1) {
    if (WHOLE.test(`${squeeze(left[0])}@${squeeze(domain).replace(/\.$/u, '')}`))
      return { start: at - left[0].length, end: at + 1 + domain.replace(/[ \t.]+$/u, '').length }
    domain = domain.replace(/[ \t_-]+.$/u, '')
  }
  return null
}

function looseAt(before: string, after: string, at: number): Span | null {
  const isSpaced =
    /[ \t]$/u.test(before.slice(-1)) ||
    /^[ \t]/u.test(after) ||
    before.includes(' . ') ||
    after.includes(' . ')
  if (!isSpaced) return null
  const left = LOOSE_LEFT.exec(before)
  const right = LOOSE_RIGHT.exec(after)
  if (left === null || right === null || !/\s/u.test(left[0] + right[0])) return null
  return { start: at - left[0].length, end: at + 1 + right[0].length }
}

/** A line break with what quoting, lists and wrapping put around it. */
const BREAK = '[ \\t]{0,4}[-\\\\=]?(?:\\r?\\n[ \\t]{0,8}(?:[>|*#] ?){0,4}){1,3}'
const PART = "[\\p{L}\\p{N}._%+'-]"
/** Parts of a local name on lines before: short ones, or such as end or go on with a mark. */
const BROKEN_LEFT = new RegExp(
  `(?:(?<!${PART})${PART}{1,40}${BREAK}){0,16}(?<!${PART})${PART}{0,40}(?:${BREAK})?$`,
  'u',
)
const BROKEN_RIGHT = new RegExp(
  `^(?:${BREAK})?[\\p{L}\\p{N}.-]{0,60}(?:${BREAK}[\\p{L}\\p{N}.-]{1,40}){0,16}`,
  'u',
)
const IS_BREAK = new RegExp(BREAK, 'u')

const joined = (text: string): string => text.replace(new RegExp(BREAK, 'gu'), '')

/** Parts of a text between line breaks, with where each begins. */
function parts(text: string): readonly { readonly text: string; readonly start: number }[] {
  const all: { text: string; start: number }[] = []
  let start = 0
  for (const match of text.matchAll(new RegExp(BREAK, 'gu'))) {
    all.push({ text: text.slice(start, match.index), start })
    start = match.index + match[0].length
  }
  all.push({ text: text.slice(start), start })
  return all
}

/** Whether a line is a fragment, not a line of its own that happens to stand beside an address. */
const isFragment = (line: string): boolean =>
  line.length <= 5 || /[._+%]/u.test(line.slice(1, -1)) || /^[._+@-]|[._+-]$/u.test(line)

function brokenAt(before: string, after: string, at: number): Span | null {
  if (!before.includes('\n') && !after.includes('\n')) return null
  const left = BROKEN_LEFT.exec(before)?.[0] ?? ''
  const right = BROKEN_RIGHT.exec(after)?.[0] ?? ''
  if (!IS_BREAK.test(left) && !IS_BREAK.test(right)) return null
  const leftParts = parts(left)
  let from = leftParts.length - 1
  if (leftParts[from]?.text === '' && from > 0) from -= 1
  while (from > 0 && isFragment(leftParts[from - 1]?.text ?? '')) from -= 1
  const local = joined(left.slice(leftParts[from]?.start ?? 0))
  const rightParts = parts(right)
  let best = -1
  for (let to = 0; to < rightParts.length; to += 1) {
    const end = (rightParts[to]?.start ?? 0) + (rightParts[to]?.text.length ?? 0)
    const domain = joined(right.slice(0, end)).replace(/[.-]+$/u, '')
    const isLast = WHOLE.test(`${local}@${domain}`) && KNOWN_END.test(domain)
    if (isLast) best = end
    if (to > 0 && best >= 0 && !isLast && !isFragment(rightParts[to]?.text ?? '')) break
  }
  if (best < 0 || local === '') return null
  const end = right.slice(0, best).replace(/[.-]+$/u, '').length
  const start = at - (left.length - (leftParts[from]?.start ?? 0))
  return IS_BREAK.test(left.slice(leftParts[from]?.start ?? 0)) || IS_BREAK.test(right.slice(0, end))
    ? { start, end: at + 1 + end }
    : null
}

const KNOWN_END = new RegExp(`\\.(?:${ENDINGS})$`, 'iu')

/** Addresses around the given `@`; spans may overlap what others find. Linear in the number of them. */
export function findBrokenEmails(text: string, ats: readonly number[]): readonly Finding[] {
  const found: Finding[] = []
  let done = 0
  for (const at of ats) {
    if (at < done) continue
    const before = text.slice(Math.max(done, at - REACH), at)
    const after = text.slice(at + 1, at + 1 + REACH)
    const span = spacedAt(before, after, at) ?? brokenAt(before, after, at) ?? looseAt(before, after, at)
    if (span === null) continue
    found.push({ entity: 'EMAIL', subtype: 'BROKEN', span, score: 0.8, recogniser: 'email' })
    done = span.end
  }
  return found
}
