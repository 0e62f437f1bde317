/** Finds the slots of a request by its table: every string that may carry personal data, exactly once. */
import type { EntityType } from '../../detectors/index.ts'
import type { TextSlot } from '../../restore/index.ts'
import { isRecord, readTree } from './read.ts'
import type { JsonTextRule, ObjectRule, Rule } from './schema.ts'
import { SCHEMA_WORDS } from './schema-words.ts'

/** A slot of a request: it also knows where it stands, so that the leaf guard can tick it off. */
export interface WireSlot extends TextSlot {
  /** What the whole text is, even where the detectors find nothing in it: a finding with score 1. */
  readonly always?: EntityType
  /** The name that a value of JSON stands under, nearest first, where it says what the value is. */
  readonly label?: string
  readonly place: Place
  /** Whether the slot is the value at its place or the name of it. */
  readonly part: 'value' | 'name'
}

/** Where a value stands. `key` follows when the member is renamed. */
export interface Place {
  readonly holder: Record<string | number, unknown>
  key: string | number
}

/** The text at a slot's place now: what was written there, if anything was. */
export function textNow({ place, part }: WireSlot): string {
  return String(part === 'name' ? place.key : place.holder[place.key])
}

/** Numbers this long are read as text: a phone number or card need not be a string to be one. */
export const LONG_NUMBER_DIGITS = 7
/** Objects up to this size keep the order of their members when one is renamed. */
const ORDERED_MEMBERS = 64

/** The JSON behind a string of the body, as long as a slot can still write into it. */
class JsonDocument {
  readonly root: { tree: unknown }
  #text: string | null

  constructor(tree: unknown, text: string) {
    this.root = { tree }
    this.#text = text
  }

  changed(): void {
    this.#text = null
  }

  get text(): string {
    this.#text ??= JSON.stringify(this.root.tree)
    return this.#text
  }
}

const documents = new WeakMap<object, Map<string | number, JsonDocument>>()

/** The parsed JSON that the string at a place is written from; undefined for any other place. */
export function jsonBehind(holder: object, key: string | number): { readonly tree: unknown } | undefined {
  return documents.get(holder)?.get(key)?.root
}

interface ValueSlotOptions {
  readonly document?: JsonDocument | undefined
  readonly always?: EntityType | undefined
  readonly label?: string | undefined
}

class ValueSlot implements WireSlot {
  readonly lane: string
  readonly text: string
  readonly place: Place
  readonly part = 'value'
  readonly document: JsonDocument | undefined
  declare readonly always?: EntityType
  declare readonly label?: string

  constructor(lane: string, text: string, place: Place, more: ValueSlotOptions = {}) {
    this.lane = lane
    this.text = text
    this.place = place
    this.document = more.document
    if (more.always !== undefined) this.always = more.always
    if (more.label !== undefined) this.label = more.label
  }

  write(text: string): void {
    const { holder, key } = this.place
    // A number that stays what it is stays a number.
    if (text === String(holder[key])) return
    holder[key] = text
    this.document?.changed()
  }
}

class NameSlot implements WireSlot {
  readonly lane: string
  readonly text: string
  readonly place: Place
  readonly part = 'name'
  readonly document: JsonDocument | undefined
  /** Its position among how many members. */
  readonly index: number
  readonly count: number

  constructor(lane: string, place: Place, position: readonly [number, number], document?: JsonDocument) {
    this.lane = lane
    this.text = String(place.key)
    this.place = place
    this.index = position[0]
    this.count = position[1]
    this.document = document
  }

  write(text: string): void {
    const { holder, key } = this.place
    if (text === key) return
    // Two names may become the same word (a redaction); the position keeps both members.
    const name = Object.hasOwn(holder, text) ? `${text}_${this.index}` : text
    if (this.count <= ORDERED_MEMBERS) renameInOrder(holder, key, name)
    else {
      define(holder, name, holder[key])
      delete holder[key]
    }
    this.place.key = name
    this.document?.changed()
  }
}

function renameInOrder(holder: Record<string | number, unknown>, from: string | number, to: string): void {
  const entries = Object.entries(holder)
  for (const [name] of entries) delete holder[name]
  for (const [name, value] of entries) define(holder, name === from ? to : name, value)
}

/** Plain assignment would change the prototype where the name is `__proto__`. */
function define(holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, writable: true, enumerable: true, configurable: true })
}

/**
 * All slots of a body that `readByRule` made, in the order of the body. The texts are those of the body now;
 * `write` changes the body in place. JSON text is walked inside and written again when the body is read.
 */
export function slotsByRule(rule: ObjectRule, body: object): WireSlot[] {
  const slots: WireSlot[] = []
  for (const [name, inner] of rule.fields) {
    if (Object.hasOwn(body, name)) collect(inner, { holder: body as Place['holder'], key: name }, name, slots)
  }
  return slots
}

function collect(rule: Rule, place: Place, lane: string, slots: WireSlot[]): void {
  const value = place.holder[place.key]
  switch (rule.kind) {
    case 'text':
      if (typeof value === 'string') slots.push(new ValueSlot(lane, value, place, { always: rule.always }))
      return
    case 'object':
      if (isRecord(value)) collectFields(rule, value as Place['holder'], lane, slots)
      return
    case 'list':
      if (!Array.isArray(value)) return
      for (let index = 0; index < value.length; index += 1) {
        collect(
          rule.of,
          { holder: value as unknown[] & Place['holder'], key: index },
          `${lane}.${index}`,
          slots,
        )
      }
      return
    case 'tagged': {
      const tag = isRecord(value) ? value[rule.tag] : undefined
      const inner = typeof tag === 'string' ? rule.cases.get(tag) : undefined
      if (inner !== undefined) collect(inner, place, lane, slots)
      return
    }
    case 'either': {
      const inner = typeof value === 'string' ? rule.string : Array.isArray(value) ? rule.list : rule.object
      if (inner !== undefined) collect(inner, place, lane, slots)
      return
    }
    case 'json_text':
      if (typeof value === 'string') collectJsonText(rule, place, value, lane, slots)
      return
    case 'json':
      collectJson(place, { lane, slots, words: rule.words === 'schema' ? SCHEMA_WORDS : NO_WORDS })
      return
    default:
      return
  }
}

function collectFields(rule: ObjectRule, value: Place['holder'], lane: string, slots: WireSlot[]): void {
  for (const name of Object.keys(value)) {
    const inner = rule.fields.get(name)
    if (inner !== undefined) collect(inner, { holder: value, key: name }, `${lane}.${name}`, slots)
  }
}

function collectJsonText(
  rule: JsonTextRule,
  place: Place,
  value: string,
  lane: string,
  slots: WireSlot[],
): void {
  const document = documents.get(place.holder)?.get(place.key) ?? openDocument(rule, place, value)
  if (document === undefined) slots.push(new ValueSlot(lane, value, place))
  else collectJson({ holder: document.root, key: 'tree' }, { lane, slots, words: NO_WORDS, document })
}

/**
 * Puts the parsed JSON behind a string of the body. Once only: every walk over a body must find the same tree,
 * or what one walk's slots write would not be what the body says.
 */
function openDocument(rule: JsonTextRule, place: Place, value: string): JsonDocument | undefined {
  const tree = readTree(rule, value)
  if (tree === undefined) return undefined
  const document = new JsonDocument(tree, value)
  Object.defineProperty(place.holder, place.key, {
    get: () => document.text,
    enumerable: true,
    configurable: true,
  })
  const known = documents.get(place.holder) ?? new Map<string | number, JsonDocument>()
  documents.set(place.holder, known.set(place.key, document))
  return document
}

const NO_WORDS: ReadonlySet<string> = new Set()

interface JsonWalk {
  readonly lane: string
  readonly slots: WireSlot[]
  readonly words: ReadonlySet<string>
  readonly document?: JsonDocument
  /** The name that what is walked stands under. */
  readonly label?: string | undefined
  /** Whether the names here are those of properties, also where they are words of JSON Schema. */
  readonly named?: boolean
}

/** Words of JSON Schema under which values stand, and not words about them. */
const VALUE_WORDS = new Set(['default', 'const', 'enum', 'examples'])

/** What values below a member are called: its name; in a schema the property that they are values of. */
function labelBelow(name: string, { words, label, named }: JsonWalk): string | undefined {
  if (named === true || !words.has(name)) return name
  return VALUE_WORDS.has(name) || name === 'properties' ? label : undefined
}

/** Every string, long number and name of any JSON; depth is bounded by the reader. */
function collectJson(place: Place, walk: JsonWalk): void {
  const value = place.holder[place.key]
  if (typeof value === 'string') {
    if (!walk.words.has(value)) walk.slots.push(new ValueSlot(walk.lane, value, place, walk))
  } else if (typeof value === 'number') {
    const text = String(value)
    if (countDigits(text) >= LONG_NUMBER_DIGITS) {
      walk.slots.push(new ValueSlot(walk.lane, text, place, walk))
    }
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      collectJson({ holder: value as unknown[] & Place['holder'], key: index }, walk)
    }
  } else if (isRecord(value)) {
    const holder = value as Place['holder']
    Object.keys(holder).forEach((name, index, names) => {
      const member: Place = { holder, key: name }
      if (!walk.words.has(name)) {
        walk.slots.push(new NameSlot(walk.lane, member, [index, names.length], walk.document))
      }
      const named = name === 'properties' && walk.words.has(name) && walk.named !== true
      collectJson(member, { ...walk, label: labelBelow(name, walk), named })
    })
  }
}

/** Decimal digits in the spelling of a number. */
export function countDigits(text: string): number {
  let digits = 0
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit >= 0x30 && unit <= 0x39) digits += 1
  }
  return digits
}
