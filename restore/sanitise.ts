/**
 * Findings and text in, text that may leave out: the only maker of the `Sanitised` brand.
 *
 * Every occurrence of a value that was found anywhere in the request is replaced in all its slots
 * (`value-rules.ts`), names also part by part (`names.ts`) and with endings (`inflections.ts`), and so is text that looks like a placeholder
 * (`lookalike.ts`). Ranges that overlap become one, and a range grows over capitals and digits that
 * would run into its placeholder, so that what comes back is exactly what was there.
 */
import type { Finding } from '../detectors/index.ts'
import { Inflections } from './inflections.ts'
import { issuedIndex } from './issued.ts'
import { type LookAlike, lookAlikeFinder } from './lookalike.ts'
import { partsOfName } from './names.ts'
import { OPERATORS, type OperatorName } from './operators.ts'
import { cutsOf, joinRanges, LOOK_ALIKE, type Range, rangeOf } from './ranges.ts'
import { RepeatFinder } from './repeats.ts'
import { type Placed, straysIn } from './strays.ts'
import type { Sanitised, SlotFindings, TextSlot, Vault } from './types.ts'
import { ENOUGH } from './value-rules.ts'
import type { Sought } from './value-search.ts'

/** How values are replaced. */
export interface SanitiseOptions {
  /** Operator per entity type; `placeholder` where none is named. */
  readonly operators?: Readonly<Record<string, OperatorName>>
  /** Exact values, case-insensitive, that parts of a name are never taken for. */
  readonly allow?: readonly string[]
}

/** What is replaced may occur elsewhere in an encoded form; each round takes in the ranges of the one before. */
const MAX_ROUNDS = 6
/** A joined range that is longer is made of values that are looked for already. */
const MAX_JOINED = 1024

/**
 * Replaces all findings in all `slots` and says so. `slots` are all text slots of `body`, also those without
 * findings, in the order of the conversation; each is written at most once, and only if it changes.
 * Values are issued in order of appearance. Linear in the length of the texts. Throws, before anything is written,
 * `RangeError` for an entity type that is no entity name, and `Error` if texts kept spelling issued placeholders, which
 * chance does not bring about. Slots of JSON text are given string by string: `json` is for answers.
 */
export function sanitise<T>(
  body: T,
  slots: readonly SlotFindings[],
  vault: Vault,
  options: SanitiseOptions = {},
): Sanitised<T> {
  const steps = sanitiseSteps(body, slots, vault, options)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/**
 * The same step by step, for whoever has others waiting: between two steps, each over one text, something else may be
 * done. Given up in the middle, it has written nothing.
 */
export function* sanitiseSteps<T>(
  body: T,
  slots: readonly SlotFindings[],
  vault: Vault,
  options: SanitiseOptions = {},
): Generator<void, Sanitised<T>> {
  const pages = pagesOf(slots, vault, options)
  if (vault.size > 0 || pages.some((page) => page.found.length > 0)) {
    yield
    yield* spread(pages, options)
    const texts = yield* replaced(pages, vault, options)
    for (const [index, { slot, text }] of pages.entries()) {
      const changed = texts[index]
      if (changed !== undefined && changed !== text) slot.write(changed)
    }
  }
  return body as Sanitised<T>
}

/** One slot on its way. */
interface Page {
  readonly slot: TextSlot
  readonly text: string
  /** What was found in it or looks like a placeholder. */
  readonly found: readonly Range[]
  /** All that will be replaced, ascending, apart from each other. */
  ranges: readonly Range[]
}

const NOTHING: readonly Range[] = []

function pagesOf(slots: readonly SlotFindings[], vault: Vault, options: SanitiseOptions): readonly Page[] {
  const findLookAlikes = lookAlikeFinder(typesIn(slots, vault))
  return slots.map(({ slot, findings }) => {
    const { text } = slot
    const alike = lookAlikes(findLookAlikes(text), vault)
    const found = findings.length === 0 ? alike : [...rangesOf(text, findings, options), ...alike]
    return { slot, text, found, ranges: NOTHING }
  })
}

function rangesOf(text: string, findings: readonly Finding[], options: SanitiseOptions): readonly Range[] {
  return findings
    .filter(({ entity }) => operatorOf(entity, options) !== 'keep')
    .map(({ entity, span }) => rangeOf(text, span, entity))
    .filter((range) => range !== undefined)
}

function lookAlikes(alike: readonly LookAlike[], vault: Vault): readonly Range[] {
  if (alike.length === 0) return NOTHING
  return alike.map(({ start, end, code }) => {
    vault.reserve?.(code)
    return { start, end, entity: LOOK_ALIKE }
  })
}

function typesIn(slots: readonly SlotFindings[], vault: Vault): Set<string> {
  const types = new Set<string>()
  for (const { findings } of slots) for (const { entity } of findings) types.add(entity)
  if (vault.size > 0) for (const { entity } of vault.entries()) types.add(entity)
  return types
}

function operatorOf(entity: string, options: SanitiseOptions): OperatorName {
  const { operators } = options
  return operators !== undefined && Object.hasOwn(operators, entity)
    ? (operators[entity] ?? 'placeholder')
    : 'placeholder'
}

/** Two placeholders may touch, because restoring knows where each ends. */
function mayTouchBy(options: SanitiseOptions): (entity: string) => boolean {
  return (entity) => operatorOf(entity, options) === 'placeholder'
}

/** Fills `ranges` of all pages: what was found, and every other occurrence of it. */
function* spread(pages: readonly Page[], options: SanitiseOptions): Generator<void, void> {
  const mayTouch = mayTouchBy(options)
  const sought = new SoughtValues(options.allow ?? [])
  for (const page of pages) {
    for (const range of page.found) sought.add(page.text, range)
  }
  for (const page of pages) {
    page.ranges = joinRanges(page.text, [...page.found, ...sought.formsIn(page.text)], mayTouch)
    yield
  }
  let hasNewCuts = false
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const { text, ranges } of pages) for (const range of ranges) sought.addReplaced(text, range)
    const finder = sought.finder(hasNewCuts)
    if (finder === undefined) return
    hasNewCuts = false
    for (const page of pages) {
      const before = cutsOf(page.text, page.ranges).size
      const again = finder.find(page.text, page.ranges)
      yield
      if (again.length === 0) continue
      page.ranges = joinRanges(page.text, [...page.ranges, ...again], mayTouch)
      // Where something will be replaced inside a word, a value may now begin or end that did not before.
      hasNewCuts ||= cutsOf(page.text, page.ranges).size > before
    }
  }
}

/** A name of one word, capitalised: a single word in lower case may be anything. */
const ONE_NAME = /^\p{Lu}\p{L}{2,31}$/u

/** The values to look for, and those among them that were not looked for yet. */
class SoughtValues {
  readonly #allowed: ReadonlySet<string>
  readonly #values = new Map<string, Sought>()
  readonly #inflections = new Inflections()
  #fresh: Sought[] = []

  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed.map((value) => value.toLowerCase()))
  }

  /** A finding: its value, and the parts of a name. */
  add(text: string, { start, end, entity }: Range): void {
    const value = text.slice(start, end)
    this.#addValue(entity, value)
    if (entity !== 'PERSON') return
    if (ONE_NAME.test(value)) this.#inflections.add(value)
    for (const part of partsOfName(value)) {
      if (this.#allowed.has(part.toLowerCase())) continue
      this.#addValue(entity, part)
      this.#inflections.add(part)
    }
  }

  /** Where a text has parts of names with the endings of cases. */
  formsIn(text: string): readonly Range[] {
    const forms: Range[] = []
    for (const { start, end } of this.#inflections.in(text))
      if (!this.#allowed.has(text.slice(start, end).toLowerCase()))
        forms.push({ start, end, entity: 'PERSON' })
    return forms
  }

  /** What will be replaced: a value in another spelling or encoding, or joined with its neighbours. */
  addReplaced(text: string, { start, end, entity }: Range): void {
    if (end - start >= ENOUGH && end - start <= MAX_JOINED) this.#addValue(entity, text.slice(start, end))
  }

  #addValue(entity: string, value: string): void {
    if (this.#values.has(value)) return
    const item = { entity, value }
    this.#values.set(value, item)
    this.#fresh.push(item)
  }

  /** A finder for what was added since the last one, or for all values; undefined when there is nothing to find. */
  finder(all: boolean): RepeatFinder | undefined {
    const values = all ? [...this.#values.values()] : this.#fresh
    this.#fresh = []
    return values.length === 0 ? undefined : new RepeatFinder(values)
  }
}

/** The texts of all pages with their ranges replaced, so that restoring gives back exactly what was there. */
function* replaced(
  pages: readonly Page[],
  vault: Vault,
  options: SanitiseOptions,
): Generator<void, readonly string[]> {
  const mayTouch = mayTouchBy(options)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const texts: Written[] = []
    for (const page of pages) {
      texts.push(written(page, vault, options))
      yield
    }
    const index = issuedIndex(vault)
    let strays = 0
    for (const [number, page] of pages.entries()) {
      const { text, placed } = texts[number] ?? NOT_WRITTEN
      const found = straysIn(text, placed, index).map((span) => ({ ...span, entity: LOOK_ALIKE }))
      if (found.length > 0) page.ranges = joinRanges(page.text, [...page.ranges, ...found], mayTouch)
      strays += found.length
      yield
    }
    if (strays === 0) return texts.map(({ text }) => text)
  }
  throw new Error('text that spells issued placeholders cannot be replaced')
}

interface Written {
  readonly text: string
  readonly placed: readonly Placed[]
}

const NOT_WRITTEN: Written = { text: '', placed: [] }

function written(page: Page, vault: Vault, options: SanitiseOptions): Written {
  const { text, ranges } = page
  if (ranges.length === 0) return { text, placed: [] }
  let out = ''
  let from = 0
  const placed: Placed[] = []
  for (const { start, end, entity } of ranges) {
    const value = text.slice(start, end)
    // Issued for every operator: what is redacted must not leave either, and egress looks for what is in the vault.
    const placeholder = vault.issue(entity, value)
    out += text.slice(from, start)
    const put = OPERATORS[operatorOf(entity, options)](value, entity, placeholder)
    placed.push({ start: out.length, end: out.length + put.length, original: { start, end } })
    out += put
    from = end
  }
  return { text: out + text.slice(from), placed }
}
