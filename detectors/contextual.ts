/**
 * The contextual pass: a local model names what patterns and taggers cannot see. It can only add findings, and every
 * way it can fail is a state the rules see: nothing it says or leaves out opens a door.
 */
import {
  CANARIES,
  CONTEXTUAL_SCHEMA,
  CONTEXTUAL_TYPES,
  canarySentence,
  contextualInstructions,
} from './contextual-prompt.ts'
import type { EntityType } from './entities.ts'
import { analyseText } from './text.ts'
import type { AskModel, ContextualDetection, Finding, LayerStatus, Span } from './types.ts'

/** How the pass is run. */
export interface ContextualOptions {
  readonly ask: AskModel
  /** The time budget: an abort ends the pass with `timeout`. */
  readonly signal: AbortSignal
  /** UTF-16 units per window; 256 … 100,000, 4,000 when absent. */
  readonly windowSize?: number
  /** UTF-16 units two neighbouring windows share, so that nothing is cut; 300 when absent. */
  readonly overlap?: number
  /** Longest answer in tokens; one that is cut off counts as failed. 1,024 when absent. */
  readonly maxTokens?: number
  /** Windows asked at the same time; 1 when absent. */
  readonly parallel?: number
}

const SCORE = 0.7
const MIN_LENGTH = 2

interface Window {
  readonly textIndex: number
  readonly span: Span
}

type WindowResult =
  | { readonly status: 'ok'; readonly named: readonly Named[] }
  | { readonly status: 'down' | 'timeout' }

/** A value that a model named. */
export interface Named {
  readonly entity: EntityType
  readonly text: string
}

/** Where a sentence ends: at a line break, or behind its mark and the space after it. */
const SENTENCE_END = /[.!?…。！？]["'”’»)\]]{0,3}\s|\n/gu

/**
 * Cuts a text into windows of whole sentences that overlap by at least one. Where a sentence is too long, the cut falls
 * at white space in the last tenth, or wherever it must.
 */
function windowsOf(text: string, textIndex: number, size: number, overlap: number): Window[] {
  const windows: Window[] = []
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + size)
    if (end < text.length) end = cutBefore(text, end, size)
    windows.push({ textIndex, span: { start, end } })
    if (end >= text.length) break
    start = Math.max(start + 1, sentenceStart(text, end - overlap, end))
  }
  return windows
}

/** The last sentence end in the last third before `end`, else white space in the last tenth, else `end`. */
function cutBefore(text: string, end: number, size: number): number {
  const from = end - Math.floor(size / 3)
  let last = -1
  for (const match of text.slice(from, end).matchAll(SENTENCE_END)) last = match.index + match[0].length
  if (last > 0) return from + last
  const tail = end - Math.floor(size / 10)
  const space = text.slice(tail, end).search(/\s\S*$/u)
  return space < 0 ? end : tail + space
}

/** The first sentence start in the first half of an overlap, else its beginning. */
function sentenceStart(text: string, from: number, end: number): number {
  const [match] = text.slice(from, from + Math.floor((end - from) / 2)).matchAll(SENTENCE_END)
  return match === undefined ? from : from + match.index + match[0].length
}

/** A line that the text does not contain. */
function fenceFor(text: string): string {
  let fence = '=== document ==='
  for (let n = 2; text.includes(fence); n += 1) fence = `=== document ${n} ===`
  return fence
}

/** A name that is planted into a window, and the sentence that carries it. */
interface Canary {
  readonly name: string
  readonly sentence: string
}

/** Two canaries whose words the text does not contain, chosen by all of the text; null when too few are left. */
function canariesFor(text: string): readonly [Canary, Canary] | null {
  const lower = text.toLowerCase()
  const free = CANARIES.filter((name) => name.split(' ').every((part) => !lower.includes(part.toLowerCase())))
  if (free.length < 2) return null
  const chance = hashOf(text)
  const first = chance % free.length
  const second = (first + 1 + ((chance >>> 8) % (free.length - 1))) % free.length
  const canary = (at: number, form: number): Canary => {
    const name = free[at] ?? ''
    return { name, sentence: canarySentence(name, form) }
  }
  return [canary(first, chance >>> 16), canary(second, (chance >>> 16) + 1)]
}

/** FNV-1a: who knows only a part of a window cannot tell which names it gets. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/**
 * Puts one sentence between two of the text's near its middle and one at its end: an instruction before them would have
 * to reach over them, and one after the first silences the second.
 */
function plant(text: string, [first, second]: readonly [Canary, Canary]): string {
  const half = Math.floor(text.length / 2)
  const [end] = text.slice(half).matchAll(SENTENCE_END)
  const at = end === undefined ? 0 : half + end.index + end[0].length
  const before = text.slice(0, at)
  const lead = before === '' || before.endsWith('\n') ? before : `${before}\n`
  return `${lead}${first.sentence}\n${text.slice(at)}\n${second.sentence}`
}

/** Findings without the planted names; null when one was missed, or lost in a longer text that was copied whole. */
function withoutCanaries(named: readonly Named[], canaries: readonly Canary[]): readonly Named[] | null {
  const carriers = canaries.map(({ name, sentence }) => ({
    texts: named.filter(({ text }) => text.includes(name)),
    longest: sentence.length,
  }))
  const wasRead = carriers.every(
    ({ texts, longest }) => texts.length > 0 && texts.every(({ text }) => text.trim().length <= longest),
  )
  return wasRead ? named.filter(({ text }) => canaries.every(({ name }) => !text.includes(name))) : null
}

const TYPES: ReadonlySet<string> = new Set(CONTEXTUAL_TYPES)

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The findings an answer names; null when it is not whole, valid JSON of the schema. */
function parseAnswer(answer: string): readonly Named[] | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(answer)
  } catch {
    return null // not JSON, or cut off: the caller counts the window as failed
  }
  if (!isRecord(parsed) || !Array.isArray(parsed.findings)) return null
  const named: Named[] = []
  for (const item of parsed.findings as readonly unknown[]) {
    if (!isRecord(item) || typeof item.type !== 'string' || typeof item.text !== 'string') return null
    if (!TYPES.has(item.type)) return null
    named.push({ entity: item.type, text: item.text })
  }
  return named
}

async function askWindow(window: string, options: ContextualOptions): Promise<WindowResult> {
  const canaries = canariesFor(window)
  // A text that holds the canaries was written against this check: nothing could prove that it was read.
  if (canaries === null) return { status: 'down' }
  const document = plant(window, canaries)
  const fence = fenceFor(document)
  const request = {
    system: contextualInstructions(fence, window),
    user: `${fence}\n${document}\n${fence}`,
    schema: CONTEXTUAL_SCHEMA,
    maxTokens: options.maxTokens ?? 1024,
  }
  let answer: string
  try {
    answer = await options.ask(request, options.signal)
  } catch {
    return { status: options.signal.aborted ? 'timeout' : 'down' }
  }
  if (options.signal.aborted) return { status: 'timeout' }
  const all = parseAnswer(answer)
  const named = all === null ? null : withoutCanaries(all, canaries)
  return named === null ? { status: 'down' } : { status: 'ok', named }
}

const WORD = /[\p{L}\p{M}\p{N}]/u

/** Every place a value stands at in a canonical text, between word boundaries where it begins or ends in a word. */
function occurrences(canonical: string, value: string): readonly Span[] {
  const spans: Span[] = []
  for (let at = canonical.indexOf(value); at >= 0; at = canonical.indexOf(value, at + value.length)) {
    const end = at + value.length
    const cutBefore = at > 0 && WORD.test(canonical.charAt(at - 1)) && WORD.test(value.charAt(0))
    const cutAfter =
      end < canonical.length && WORD.test(canonical.charAt(end)) && WORD.test(value.charAt(value.length - 1))
    if (!cutBefore && !cutAfter) spans.push({ start: at, end })
  }
  return spans
}

/** The parts of a span with a word in them that nothing has taken yet. */
function freeParts(canonical: string, used: Uint8Array, { start, end }: Span): readonly Span[] {
  const parts: Span[] = []
  for (let from = start; from < end; ) {
    while (from < end && used[from] === 1) from += 1
    let to = from
    while (to < end && used[to] === 0) to += 1
    const text = canonical.slice(from, to)
    const lead = text.length - text.trimStart().length
    if (WORD.test(text)) parts.push({ start: from + lead, end: from + text.trimEnd().length })
    from = to
  }
  return parts
}

/**
 * Every place of these values in one text: disjoint and sorted. Longer values win over shorter ones, which keep what is
 * left of them.
 */
export function locate(text: string, named: readonly Named[]): readonly Finding[] {
  const analysed = analyseText(text)
  const values = new Map<string, EntityType>()
  for (const { entity, text: written } of named) {
    const value = analyseText(written.trim()).canonical
    if (value.length >= MIN_LENGTH && WORD.test(value) && !values.has(value)) values.set(value, entity)
  }
  const taken: Finding[] = []
  const used = new Uint8Array(analysed.canonical.length)
  for (const [value, entity] of [...values].sort(([a], [b]) => b.length - a.length)) {
    for (const span of occurrences(analysed.canonical, value)) {
      for (const part of freeParts(analysed.canonical, used, span)) {
        used.fill(1, part.start, part.end)
        taken.push({ entity, span: analysed.toOriginal(part), score: SCORE, recogniser: 'contextual' })
      }
    }
  }
  return taken.sort((a, b) => a.span.start - b.span.start)
}

/** Runs `work` over the items, a few at a time, and keeps the order. */
async function mapLimited<In, Out>(
  items: readonly In[],
  limit: number,
  work: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++
      const item = items[index]
      if (item !== undefined) results[index] = await work(item)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, lane))
  return results
}

/**
 * Asks a local model what else in these texts is personal. Findings are per text, in the order of the texts, disjoint,
 * sorted, in the text as given: only values that stand there word for word, each at every place.
 *
 * `status`: `ok` when every window was read; `timeout` when the signal ended the pass; `down` when the model failed,
 * gave invalid or cut-off JSON, or did not find the name planted into each window (a text that talks the model out
 * of its task fails so). What the windows that were read gave is kept either way. Never rejects.
 */
export async function detectContextual(
  texts: readonly string[],
  options: ContextualOptions,
): Promise<ContextualDetection> {
  const size = Math.min(100_000, Math.max(256, options.windowSize ?? 4000))
  const overlap = Math.min(Math.floor(size / 2), Math.max(0, options.overlap ?? 300))
  const windows = texts.flatMap((text, index) =>
    WORD.test(text) ? windowsOf(text, index, size, overlap) : [],
  )
  const named: Named[][] = texts.map(() => [])
  const statuses: LayerStatus[] = texts.map(() => 'ok')
  let status: LayerStatus = 'ok'
  const results = await mapLimited(windows, options.parallel ?? 1, async (window): Promise<WindowResult> => {
    if (options.signal.aborted) return { status: 'timeout' }
    return askWindow((texts[window.textIndex] ?? '').slice(window.span.start, window.span.end), options)
  })
  results.forEach((result, i) => {
    const at = windows[i]?.textIndex ?? 0
    if (result.status === 'ok') named[at]?.push(...result.named)
    else {
      statuses[at] = result.status
      if (status !== 'timeout') status = result.status
    }
  })
  return { findings: texts.map((text, index) => locate(text, named[index] ?? [])), status, statuses }
}
