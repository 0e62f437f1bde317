/** E-mail addresses: found from their `@` outwards, so that texts without one cost nothing. */
import { example } from '../define.ts'
import { scanOf } from '../text.ts'
import type { Finding, Recogniser, Span } from '../types.ts'

/** RFC 5321, section 4.5.3.1: octets of the local part and of the domain. */
const MAX_LOCAL = 64
const MAX_DOMAIN = 255

/** RFC 5322 atext, dots, and the letters and marks of RFC 6531. */
const LOCAL = /[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]/u
const DOMAIN =
  /(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.){1,8}(?:xn--[a-z0-9-]{2,59}|\p{L}[\p{L}\p{M}]{1,30})(?![\p{L}\p{N}])/uy
const LITERAL = /\[(?:[0-9.]{7,15}|IPv6:[0-9a-f:.]{2,45})\]/iuy
const QUOTED = /"(?:[^"\\\r\n]|\\[^\r\n]){1,64}"$/u
/** Endings that mark a file, not a host: `logo@2x.png`. */
const FILE_ENDING =
  /\.(?:png|jpe?g|gif|svg|webp|avif|ico|css|scss|jsx?|tsx?|mjs|json|html?|pdf|zip|gz|tgz)$/iu
/** Quoting, list and markup characters in front of an address are not part of it. */
const WRAPPING = /^[.'`*/{|#~]+/u
const SIMPLE_KEY = /^[\w.-]{1,40}=/u

function localStart(text: string, at: number): number {
  const quoted =
    text.charCodeAt(at - 1) === 0x22 ? QUOTED.exec(text.slice(Math.max(0, at - MAX_LOCAL - 2), at)) : null
  if (quoted !== null) return at - quoted[0].length
  const floor = Math.max(0, at - MAX_LOCAL)
  let start = at
  while (start > floor) {
    const low = text.charCodeAt(start - 1)
    const size = low >= 0xdc00 && low <= 0xdfff ? 2 : 1
    if (!LOCAL.test(text.slice(start - size, start))) break
    start -= size
  }
  return trimLocal(text, start, at)
}

/** Cuts what belongs to the surroundings: `mail=` of a query or setting, quotes, Markdown. */
function trimLocal(text: string, start: number, at: number): number {
  let from = start
  const local = text.slice(start, at)
  from += Math.max(local.lastIndexOf('?'), local.lastIndexOf('&')) + 1
  const key = SIMPLE_KEY.exec(text.slice(from, at))
  if (key !== null) from += key[0].length
  const wrapping = WRAPPING.exec(text.slice(from, at))
  return from + (wrapping === null ? 0 : wrapping[0].length)
}

function domainEnd(text: string, at: number): number {
  const pattern = text.charCodeAt(at) === 0x5b ? LITERAL : DOMAIN
  pattern.lastIndex = at
  const match = pattern.exec(text)
  if (match === null || match[0].length > MAX_DOMAIN || FILE_ENDING.test(match[0])) return -1
  return at + match[0].length
}

/** `https://user:secret@host` and `git@host:path` have an `@` too: those are for other recognisers. */
function isUserInfo(text: string, start: number, end: number, at: number): boolean {
  const before = text.slice(Math.max(0, start - 200), start)
  if (/:\/\/[^\s/]{0,200}$/u.test(before)) return true
  return text.slice(start, at) === 'git' && (text.charAt(end) === ':' || text.charAt(end) === '/')
}

function addressAt(text: string, at: number): Span | null {
  const end = domainEnd(text, at + 1)
  if (end < 0) return null
  const start = localStart(text, at)
  if (start >= at || isUserInfo(text, start, end, at)) return null
  const underlined = text.charAt(start) === '_' && text.charAt(end) === '_'
  return { start: underlined ? start + 1 : start, end }
}

/** Addresses of RFC 5322 and RFC 6531, quoted local parts and IP literals included. */
export const email: Recogniser = {
  id: 'email',
  layer: 'pattern',
  entities: ['EMAIL'],
  checked: true,
  about: { source: 'RFC 5321, RFC 5322, RFC 6531' },
  examples: [
    example('Write to jane.doe@example.com today.', 'jane.doe@example.com'),
    example(
      'cc: o\'brien+news@mail.example.co.uk; "odd one"@example.org',
      "o'brien+news@mail.example.co.uk",
      '"odd one"@example.org',
    ),
    example('почта: иван@пример.рф, jörg@müller.example', 'иван@пример.рф', 'jörg@müller.example'),
    example('https://example.com/?mail=jane@example.com&x=1', 'jane@example.com'),
    example('x@[192.0.2.1]', 'x@[192.0.2.1]'),
    example('npm i lodash@4.17.21 and logo@2x.png'),
    example('@app.route("/") and a @ b'),
    example('git@github.com:owner/repository.git'),
  ],
  analyse: (analysed) => {
    const text = analysed.canonical
    const findings: Finding[] = []
    let done = 0
    for (const at of scanOf(analysed).ats) {
      const span = addressAt(text, at)
      if (span === null || span.start < done) continue
      done = span.end
      findings.push({ entity: 'EMAIL', span, score: 0.99, recogniser: 'email' })
    }
    return findings
  },
}
