/** Credentials: keys and tokens by their formats, private keys, JWTs, and passwords where they are written down. */
import { definePattern, example } from '../define.ts'
import type { TextScan } from '../scan.ts'
import { scanOf } from '../text.ts'
import type { Finding, Recogniser, Span } from '../types.ts'
import { SECRET_FORMATS, type SecretFormat } from './secret-formats.ts'

/** Formats by their first two characters: what the candidates of a blob are looked up by. */
const FORMATS: ReadonlyMap<string, readonly (readonly [SecretFormat, RegExp])[]> = (() => {
  const table = new Map<string, (readonly [SecretFormat, RegExp])[]>()
  for (const format of SECRET_FORMATS) {
    const literal = format.prefix.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    const pattern = new RegExp(`(?<![A-Za-z0-9])${literal}${format.rest}(?![A-Za-z0-9])`, 'uy')
    const key = format.prefix.slice(0, 2)
    const list = table.get(key)
    if (list === undefined) table.set(key, [[format, pattern]])
    else list.push([format, pattern])
  }
  return table
})()

const FILLER = /(?:x{6,}|X{6,}|\*{4,}|0{12,}|\.{3}|EXAMPLEKEY$)/u

/** Whether a match carries randomness. Documentation writes `xxxx`, `0000` or words where a key would stand. */
function looksRandom(text: string): boolean {
  if (FILLER.test(text)) return false
  return new Set(text.slice(-24)).size >= 6
}

function keyAt(text: string, at: number): Finding | null {
  for (const [format, pattern] of FORMATS.get(text.slice(at, at + 2)) ?? []) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null || !looksRandom(match[0].slice(format.prefix.length))) continue
    const span = { start: at, end: at + match[0].length }
    return { entity: 'API_KEY', subtype: format.subtype, span, score: 0.97, recogniser: 'api_key' }
  }
  return null
}

const isAlphanumeric = (unit: number): boolean =>
  (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a)

/** Every place in a blob where a key could start: after something that is neither letter nor digit. */
function eachKeyStart(text: string, scan: TextScan, visit: (at: number) => number): void {
  for (let i = 0; i < scan.blobs.length; i += 2) {
    const end = scan.blobs[i + 1] ?? 0
    for (let at = scan.blobs[i] ?? 0; at < end - 8; ) {
      const first =
        !isAlphanumeric(text.charCodeAt(at)) || (at > 0 && isAlphanumeric(text.charCodeAt(at - 1)))
      at = first ? at + 1 : visit(at)
    }
  }
}

const apiKey: Recogniser = {
  id: 'api_key',
  layer: 'pattern',
  entities: ['API_KEY'],
  checked: true,
  about: { source: "the vendors' documentation of their formats" },
  examples: [
    ...SECRET_FORMATS.map((format) =>
      example(`key ${format.prefix}${format.sample} end`, format.prefix + format.sample),
    ),
    example('export TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'),
    example('skills-and-experience-of-candidates'),
    example('7f3c2a1b9d8e4f5061728394a5b6c7d8'),
  ],
  analyse: (analysed) => {
    const text = analysed.canonical
    const findings: Finding[] = []
    eachKeyStart(text, scanOf(analysed), (at) => {
      const finding = keyAt(text, at)
      if (finding === null) return at + 1
      findings.push(finding)
      return finding.span.end
    })
    return findings
  },
}

const JWT_BODY = 'eyJ[A-Za-z0-9_-]{8,4096}\\.[A-Za-z0-9_-]{8,16384}(?:\\.[A-Za-z0-9_-]{0,4096}){0,3}'

/** Offsets of blobs that hold a literal, at the literal. */
const blobsWith =
  (literal: string) =>
  (scan: TextScan, text: string): readonly number[] => {
    const starts: number[] = []
    for (let i = 0; i < scan.blobs.length; i += 2) {
      const end = scan.blobs[i + 1] ?? 0
      let at = text.indexOf(literal, scan.blobs[i])
      for (; at >= 0 && at < end; at = text.indexOf(literal, at + literal.length)) starts.push(at)
      if (at < 0) break
    }
    return starts
  }

const jwt = definePattern({
  id: 'jwt',
  entity: 'API_KEY',
  pattern: new RegExp(`(?<![A-Za-z0-9_])${JWT_BODY}(?![A-Za-z0-9_-])`, 'u'),
  starts: blobsWith('eyJ'),
  boundary: 'none',
  scores: { plain: 0.97 },
  structured: true,
  about: { subtype: 'jwt', source: 'RFC 7519' },
  examples: [
    example(
      'token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJlLW9mLWphbmU',
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJlLW9mLWphbmU',
    ),
    example('Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJqYW5lIn0.', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJqYW5lIn0.'),
    example(
      '(eyJhbGciOiJFUzI1NiJ9.eyJpZCI6MTIzfQ.AbCdEfGhIj)',
      'eyJhbGciOiJFUzI1NiJ9.eyJpZCI6MTIzfQ.AbCdEfGhIj',
    ),
    example('eyJhbGciOiJIUzI1NiJ9'),
    example('keyJournal.entries.first'),
    example('eyes.wide.open'),
  ],
})

const KEY_ID = /(?<![A-Za-z0-9])A(?:KIA|SIA)[A-Z2-7]{16}(?![A-Za-z0-9])/u
const FORTY = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/gu

/** The secret that goes with an access key id is forty characters without a mark of its own: the id says what it is. */
const awsSecret = definePattern({
  id: 'aws_secret_key',
  entity: 'API_KEY',
  pattern: /[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/u,
  starts: (_scan, text) =>
    text.includes('KIA') || text.includes('SIA')
      ? KEY_ID.test(text)
        ? [...text.matchAll(FORTY)].map(({ index }) => index)
        : []
      : [],
  boundary: 'none',
  // A commit's hash has forty characters too, but no capitals.
  validate: (value) => /[A-Z]/u.test(value) && /[a-z]/u.test(value) && /[0-9]/u.test(value),
  scores: { plain: 0.9 },
  about: { subtype: 'aws_secret_key', source: 'AWS Identity and Access Management, access keys' },
  examples: [
    example(
      `${'AKIA'}IOSFODNN7EXAMPLE\n${'wJalrXUtnFEMI/K7MDENG/'}bPxRfiCYEXAMPLEKEY`,
      `${'wJalrXUtnFEMI/K7MDENG/'}bPxRfiCYEXAMPLEKEY`,
    ),
    example(`${'wJalrXUtnFEMI/K7MDENG/'}bPxRfiCYEXAMPLEKEY`),
    example(`${'AKIA'}IOSFODNN7EXAMPLE da39a3ee5e6b4b0d3255bfef95601890afd80709`),
  ],
})

const PEM_BEGIN = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,4}(?:PRIVATE KEY(?: BLOCK)?|ENCRYPTED MESSAGE)-----/gu
const PEM_MAX = 65_536

/** Private keys in PEM or PGP armour, to the end line or, where that is cut off, to the end of the key lines. */
const privateKey: Recogniser = {
  id: 'private_key',
  layer: 'pattern',
  entities: ['API_KEY'],
  checked: true,
  about: { subtype: 'private_key', source: 'RFC 7468, RFC 9580' },
  examples: [
    example(
      'a\n-----BEGIN RSA PRIVATE KEY-----\nMIIBOgIBAAJBAKj34\n-----END RSA PRIVATE KEY-----\nb',
      '-----BEGIN RSA PRIVATE KEY-----\nMIIBOgIBAAJBAKj34\n-----END RSA PRIVATE KEY-----',
    ),
    example(
      '"-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBg\\n-----END PRIVATE KEY-----\\n"',
      '-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBg\\n-----END PRIVATE KEY-----',
    ),
    example(
      '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nqwertyuiop\n\nText',
      '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nqwertyuiop',
    ),
    example('-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZI\n-----END PUBLIC KEY-----'),
    example('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'),
    example('begin private key'),
  ],
  analyse: (analysed) => {
    const text = analysed.canonical
    if (!text.includes('-----BEGIN ')) return []
    const findings: Finding[] = []
    let done = 0
    for (const match of text.matchAll(PEM_BEGIN)) {
      if (match.index < done) continue
      const span = pemSpan(text, match.index, match[0].length)
      if (span === null) continue
      done = span.end
      findings.push({
        entity: 'API_KEY',
        subtype: 'private_key',
        span,
        score: 0.99,
        recogniser: 'private_key',
      })
    }
    return findings
  },
}

function pemSpan(text: string, start: number, headLength: number): Span | null {
  const body = start + headLength
  // The next header ends the search: otherwise a text of headers alone would be searched once per header.
  const next = text.slice(body, body + PEM_MAX).indexOf('-----BEGIN ')
  const window = text.slice(body, next < 0 ? body + PEM_MAX : body + next)
  const close = /-----END [A-Z0-9 ]{1,60}-----/u.exec(window)
  if (close !== null) {
    const inside = window
      .slice(0, close.index)
      .replace(/\\[nr]/gu, '')
      .trim()
    return inside.length >= 8 ? { start, end: body + close.index + close[0].length } : null
  }
  const end = keyLinesEnd(window)
  return end === 0 ? null : { start, end: body + end }
}

const LINE_BREAK = /\r?\n|\\r?\\n|\\n|$/gu
const KEY_LINE = /^[ \t>]{0,4}[A-Za-z0-9+/=:, .-]{4,128}$/u

/** Length of the lines that still look like a key, from the line of the header on. */
function keyLinesEnd(window: string): number {
  let end = 0
  let lineStart = 0
  let first = true
  for (const match of window.matchAll(LINE_BREAK)) {
    const line = window.slice(lineStart, match.index)
    if (!(first && line.trim() === '')) {
      if (!KEY_LINE.test(line)) break
      end = match.index
    }
    first = false
    lineStart = match.index + match[0].length
    if (match[0] === '') break
  }
  return end
}

/** All of this file. */
export const SECRETS: readonly Recogniser[] = [apiKey, awsSecret, jwt, privateKey]
