/** Small readers for answers of a model: known fields of known types, nothing else. */
import type { TextSlot } from '../../restore/index.ts'
import type { Usage, WireObject } from '../ports.ts'
import { ResponseError } from './errors.ts'
import { isRecord } from './read.ts'

/** Highest index of a choice or tool call that is followed: bounds the lanes of one answer. */
export const MAX_INDEX = 65_535
/** Longest id, model name or other short word that is passed on. */
const MAX_WORD = 256

/** Fails the answer as unusable. */
export function invalid(): never {
  throw new ResponseError('invalid_response')
}

/** The value as an object, or `invalid_response`. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : invalid()
}

/** Text, or null where it is null or absent, or `invalid_response`. */
export function textOrNull(value: unknown): string | null {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? null : invalid()
}

/** A short string such as an id; undefined where it is absent, null or too long. */
export function word(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= MAX_WORD ? value : undefined
}

/** A finite number, or `fallback`. */
export function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback
}

/** An index from 0 to `MAX_INDEX`, or `invalid_response`. */
export function indexOf(value: unknown): number {
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_INDEX
  return fits ? value : invalid()
}

/** Parses the data of an event or a whole body, or `invalid_response`. */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return invalid()
  }
}

/** Throws `upstream_error` where an answer is an error report, whatever it says. */
export function refuseError(value: Readonly<Record<string, unknown>>): void {
  if (value.error !== undefined && value.error !== null) throw new ResponseError('upstream_error')
}

const USAGE_NAME = /^[a-z][a-z_]{0,39}$/

/** Numbers of a usage report, one level of detail deep; names are kept only where they look like names. */
export function readUsage(value: unknown): WireObject | undefined {
  if (!isRecord(value)) return undefined
  const usage: Record<string, unknown> = {}
  for (const [name, amount] of Object.entries(value)) {
    if (!USAGE_NAME.test(name)) continue
    if (typeof amount === 'number') usage[name] = amount
    else if (isRecord(amount)) {
      const details = Object.entries(amount).filter(
        ([key, count]) => USAGE_NAME.test(key) && typeof count === 'number',
      )
      usage[name] = Object.fromEntries(details)
    }
  }
  return usage
}

/**
 * Adds to the usage that an answer, or an event with one, reports: how many of its prompt tokens are there because
 * values were replaced; below 0 where placeholders are shorter. Estimated as prompts are.
 */
export function noteOverhead(answer: WireObject, tokens: number): void {
  const inner = isRecord(answer.response) ? answer.response : answer
  if (isRecord(inner.usage)) (inner.usage as Record<string, unknown>).sanitising_overhead_tokens = tokens
}

/** The three counts that everybody reports; null where they are missing. */
export function usageCounts(usage: unknown): Usage | null {
  if (!isRecord(usage)) return null
  const prompt = numberOr(usage.prompt_tokens ?? usage.input_tokens, -1)
  if (prompt < 0) return null
  const completion = numberOr(usage.completion_tokens ?? usage.output_tokens, 0)
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: numberOr(usage.total_tokens, prompt + completion),
  }
}

/** What holds the name of a tool that is called; the name is a slot itself, so it is read late. */
export type NamedTool = Readonly<Record<string, unknown>>

/** The name of a tool; empty where an answer does not say it. */
export function nameOfTool({ name }: NamedTool): string {
  return typeof name === 'string' ? name : ''
}

/** A slot for the string field `key` of `holder`. */
export class FieldSlot implements TextSlot {
  readonly lane: string
  readonly text: string
  readonly json: 0 | 1
  readonly last: boolean
  readonly #holder: Record<string, unknown>
  readonly #key: string
  readonly #tool: NamedTool | undefined

  constructor(
    holder: Record<string, unknown>,
    key: string,
    lane: string,
    options: { readonly json: 0 | 1; readonly last: boolean; readonly tool?: NamedTool | undefined },
  ) {
    this.lane = lane
    this.json = options.json
    this.last = options.last
    this.#tool = options.tool
    this.#holder = holder
    this.#key = key
    const text = holder[key]
    this.text = typeof text === 'string' ? text : ''
  }

  get tool(): string | undefined {
    return this.#tool && nameOfTool(this.#tool)
  }

  write(text: string): void {
    this.#holder[this.#key] = text
  }
}
