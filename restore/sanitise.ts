/**
 * Findings and text in, text that may leave out: the only maker of the `Sanitised` brand.
 *
 * Every occurrence of a value that was found anywhere in the request is replaced in all its slots
 * (`occurrences.ts`), names also part by part (`names.ts`), and so is text that looks like a placeholder
 * (`lookalike.ts`). Ranges that overlap become one, and a range grows over capitals and digits that
 * would run into its placeholder, so that what comes back is exactly what was there.
 */
import type { Finding } from '../detectors/index.ts'
import { type LookAlike, lookAlikeFinder } from './lookalike.ts'
import { partsOfName } from './names.ts'
import type { Sought } from './occurrences.ts'
import { OPERATORS, type OperatorName } from './operators.ts'
import { joinRanges, type Range, rangeOf } from './ranges.ts'
import { RepeatFinder } from './repeats.ts'
import type { Sanitised, SlotFindings, TextSlot, Vault } from './types.ts'
import { ENOUGH } from './value-rules.ts'

/** How values are replaced. */
export interface SanitiseOptions {
  /** Operator per entity type; `placeholder` where none is named. */
  readonly operators?: Readonly<Record<string, OperatorName>>
  /** Exact values, case-insensitive, that parts of a name are never taken for. */
  readonly allow?: readonly string[]
}

/** Type of the placeholders for text that looks like one. */
const LOOK_ALIKE = 'MISC'
/** What is replaced may occur elsewhere in an encoded form; each round takes in the ranges of the one before. */
const MAX_ROUNDS = 6
/** A joined range that is longer is made of values that are looked for already. */
const MAX_JOINED = 1024

/**
 * Replaces all findings in all `slots` and says so. `slots` are all text slots of `body`, also those without
 * findings, in the order of the conversation; each is written at most once, and only if it changes.
 * Values are issued in order of appearance. Linear in the length of the texts. Throws `RangeError` for an entity
 * type that is no entity name, before anything is written.
 */
export function sanitise<T>(
  body: T,
  slots: readonly SlotFindings[],
  vault: Vault,
  options: SanitiseOptions = {},
): Sanitised<T> {
  const pages = pagesOf(slots, vault, options)
  if (pages.some((page) => page.found.length > 0)) {
    spread(pages, options)
    const texts = pages.map((page) => written(page, vault, options))
    for (const [index, text] of texts.entries()) {
      const page = pages[index]
      if (page !== undefined && text !== page.text) page.slot.write(text)
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

/** Fills `ranges` of all pages: what was found, and every other occurrence of it. */
function spread(pages: readonly Page[], options: SanitiseOptions): void {
  const mayTouch = (entity: string): boolean => operatorOf(entity, options) === 'placeholder'
  const sought = new SoughtValues(options.allow ?? [])
  for (const page of pages) {
    for (const range of page.found) sought.add(page.text, range)
    page.ranges = joinRanges(page.text, page.found, mayTouch)
  }
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const { text, ranges } of pages) for (const range of ranges) sought.addReplaced(text, range)
    const finder = sought.finder()
    if (finder === undefined) return
    for (const page of pages) {
      const again = finder.find(page.text, page.ranges)
      if (again.length > 0) page.ranges = joinRanges(page.text, [...page.ranges, ...again], mayTouch)
    }
  }
}

/** The values to look for, and whether there are any that were not looked for yet. */
class SoughtValues {
  readonly #allowed: ReadonlySet<string>
  readonly #values = new Map<string, Sought>()
  #grew = false

  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed.map((value) => value.toLowerCase()))
  }

  /** A finding: its value, and the parts of a name. */
  add(text: string, { start, end, entity }: Range): void {
    const value = text.slice(start, end)
    this.#addValue(entity, value)
    if (entity !== 'PERSON') return
    for (const part of partsOfName(value)) {
      if (!this.#allowed.has(part.toLowerCase())) this.#addValue(entity, part)
    }
  }

  /** What will be replaced: a value in another spelling or encoding, or joined with its neighbours. */
  addReplaced(text: string, { start, end, entity }: Range): void {
    if (end - start >= ENOUGH && end - start <= MAX_JOINED) this.#addValue(entity, text.slice(start, end))
  }

  #addValue(entity: string, value: string): void {
    if (this.#values.has(value)) return
    this.#values.set(value, { entity, value })
    this.#grew = true
  }

  /** A finder for all values; undefined when none was added since the last one. */
  finder(): RepeatFinder | undefined {
    if (!this.#grew) return undefined
    this.#grew = false
    return new RepeatFinder([...this.#values.values()])
  }
}

function written(page: Page, vault: Vault, options: SanitiseOptions): string {
  const { text, ranges } = page
  if (ranges.length === 0) return text
  let out = ''
  let from = 0
  for (const { start, end, entity } of ranges) {
    const value = text.slice(start, end)
    // Issued for every operator: what is redacted must not leave either, and egress looks for what is in the vault.
    const placeholder = vault.issue(entity, value)
    out += text.slice(from, start) + OPERATORS[operatorOf(entity, options)](value, entity, placeholder)
    from = end
  }
  return out + text.slice(from)
}
