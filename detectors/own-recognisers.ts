/** Recognisers that the operator's configuration adds: patterns of their own, and what to do with opaque strings. */
import { RE2JS } from 're2js'
import { contextWords } from './context.ts'
import { example } from './define.ts'
import { ENTITY_NAME } from './entities.ts'
import { scanOf } from './text.ts'
import type { DetectorOptions, Finding, PatternEntry, Recogniser } from './types.ts'

/** Longest pattern that is compiled. */
export const MAX_PATTERN = 1000

/**
 * Compiles a pattern of the operator: RE2 syntax, so that no text can make it slow. Null when it is none: too long,
 * malformed, able to match nothing at all, or with lookarounds and back-references, which RE2 does not know.
 */
export function compileOwnPattern(pattern: string): RE2JS | null {
  if (pattern === '' || pattern.length > MAX_PATTERN) return null
  try {
    const compiled = RE2JS.compile(pattern)
    return compiled.matcher('').find() ? null : compiled
  } catch {
    // The library's message quotes the pattern; the caller names its place instead.
    return null
  }
}

function patternRecogniser({ type, pattern, context }: PatternEntry, index: number): Recogniser {
  const compiled = compileOwnPattern(pattern)
  if (compiled === null || !ENTITY_NAME.test(type))
    throw new RangeError(`detectors.patterns[${index}] cannot be compiled`)
  const words = context === undefined || context.length === 0 ? null : contextWords(context)
  return {
    id: `own_${index + 1}`,
    layer: 'pattern',
    entities: [type],
    // What an operator names is meant: it wins over what patterns and the tagger think.
    checked: true,
    examples: [],
    analyse: ({ canonical }) => {
      const findings: Finding[] = []
      const matcher = compiled.matcher(canonical)
      while (matcher.find()) {
        const span = { start: matcher.start(), end: matcher.end() }
        if (span.end > span.start && (words === null || words.isNear(canonical, span)))
          findings.push({ entity: type, span, score: 0.9, recogniser: `own_${index + 1}` })
      }
      return findings
    },
  }
}

const LEAST_OPAQUE = 24
const TOKEN = /[A-Za-z0-9+/_=-]{24,}/gu
/** Bits per character: words and paths have less than random characters of the same length. */
const LEAST_ENTROPY = 3.2

function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const unit of text) counts.set(unit, (counts.get(unit) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

/** Whether a token could hide something: no word, path or number, but characters as if drawn at random. */
function isOpaque(token: string): boolean {
  if (!/[0-9]/u.test(token) || !/[A-Za-z]/u.test(token) || entropy(token) < LEAST_ENTROPY) return false
  // Names in code change between letters and digits seldom; encoded bytes all the time.
  const changes =
    token.match(/[0-9](?=[A-Za-z])|[A-Za-z](?=[0-9])|[a-z](?=[A-Z])|[A-Z](?=[a-z])/gu)?.length ?? 0
  return changes * 4 >= token.length || /^[0-9A-Fa-f]{32,}$/u.test(token)
}

/** Strings of 24 characters and more that are no words and decode to no text: hashes, encrypted values, unknown keys. */
export const opaqueBlobs: Recogniser = {
  id: 'opaque_blob',
  layer: 'pattern',
  entities: ['MISC'],
  about: { subtype: 'OPAQUE', source: 'detectors.opaque_blobs' },
  examples: [
    example('blob q83vEjRWeJq83vAAECAwQFBgcICQ== end', 'q83vEjRWeJq83vAAECAwQFBgcICQ=='),
    example(
      'sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    ),
    example('/usr/local/share/applications/editor2.desktop'),
    example('internationalisation_of_the_whole_application_v2'),
  ],
  analyse: (analysed) => {
    const { blobs } = scanOf(analysed)
    const findings: Finding[] = []
    for (let i = 0; i < blobs.length; i += 2) {
      const from = blobs[i] ?? 0
      for (const { 0: token, index } of analysed.canonical.slice(from, blobs[i + 1]).matchAll(TOKEN)) {
        if (token.length < LEAST_OPAQUE || !isOpaque(token)) continue
        const span = { start: from + index, end: from + index + token.length }
        findings.push({ entity: 'MISC', subtype: 'OPAQUE', span, score: 0.5, recogniser: 'opaque_blob' })
      }
    }
    return findings
  },
}

/** The recognisers of the configuration. Throws `RangeError` naming the position of a pattern that cannot be used. */
export function ownRecognisers({
  patterns = [],
  opaqueBlobs: blobs = 'keep',
}: DetectorOptions): readonly Recogniser[] {
  return [...patterns.map(patternRecogniser), ...(blobs === 'mask' ? [opaqueBlobs] : [])]
}
