/**
 * The leaf guard: the last look at a body before it is serialised, with code that shares nothing with the walk
 * that found the slots. Every string and every name in it is a slot that was handed to the detectors, or a word
 * of the endpoint's own table; anything else means a defect in a table, and nothing is sent.
 */
import { LeafError } from './errors.ts'
import { SCHEMA_WORDS } from './schema-words.ts'
import { countDigits, jsonBehind, LONG_NUMBER_DIGITS, type WireSlot } from './slots.ts'

/** What may stand in a body without being a slot. */
export interface LeafAllowance {
  /** Field names of the endpoint. */
  readonly names: ReadonlySet<string>
  /** Enumerated values of the endpoint. */
  readonly words: ReadonlySet<string>
  /** The model asked of the destination: from the configuration. */
  readonly model: string
}

const CALL_ID = /^call[0-9]{5,9}$/

interface Guard {
  readonly allowance: LeafAllowance
  readonly values: Map<object, Set<string>>
  readonly names: Map<object, Set<string>>
}

/**
 * Throws `LeafError` when a string, a name or a long number of `body` is neither in `slots` nor allowed.
 * `slots` are those of this very object (places, not texts, are compared), so run it on what egress gets.
 */
export function checkLeaves(body: object, slots: Iterable<WireSlot>, allowance: LeafAllowance): void {
  const guard: Guard = { allowance, values: new Map(), names: new Map() }
  for (const slot of slots) {
    const table = slot.part === 'value' ? guard.values : guard.names
    const keys = table.get(slot.place.holder)
    if (keys === undefined) table.set(slot.place.holder, new Set([String(slot.place.key)]))
    else keys.add(String(slot.place.key))
  }
  checkMembers(body, guard, '')
}

function checkMembers(holder: object, guard: Guard, path: string): void {
  const covered = guard.values.get(holder)
  const list = Array.isArray(holder)
  for (const key of Object.keys(holder)) {
    const known = list || guard.allowance.names.has(key)
    const at = list ? `${path}[${key}]` : `${path === '' ? '' : `${path}.`}${known ? key : '*'}`
    if (!known && !isNameAllowed(holder, key, guard)) throw new LeafError(at)
    if (covered?.has(key) === true) continue
    const behind = jsonBehind(holder, key)
    if (behind !== undefined) checkValue(behind, 'tree', guard, at)
    else checkValue(holder, key, guard, at)
  }
}

function isNameAllowed(holder: object, key: string, guard: Guard): boolean {
  return guard.names.get(holder)?.has(key) === true || SCHEMA_WORDS.has(key) || isTokenId(key)
}

/** A key of `logit_bias`: at most six digits. */
function isTokenId(key: string): boolean {
  return key.length <= 6 && /^[0-9]{1,6}$/.test(key)
}

function checkValue(holder: object, key: string, guard: Guard, path: string): void {
  if (guard.values.get(holder)?.has(key) === true) return
  const value: unknown = (holder as Record<string, unknown>)[key]
  if (typeof value === 'string') {
    const { words, model } = guard.allowance
    const allowed = words.has(value) || CALL_ID.test(value) || SCHEMA_WORDS.has(value) || value === model
    if (!allowed) throw new LeafError(path)
  } else if (typeof value === 'number') {
    if (countDigits(String(value)) >= LONG_NUMBER_DIGITS && !isFieldNumber(holder, key, guard)) {
      throw new LeafError(path)
    }
  } else if (typeof value === 'object' && value !== null) checkMembers(value, guard, path)
}

/** Numbers directly in a field of the endpoint have passed their bounds; those in free JSON have not. */
function isFieldNumber(holder: object, key: string, guard: Guard): boolean {
  return !Array.isArray(holder) && guard.allowance.names.has(key)
}
