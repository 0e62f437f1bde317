/** Rules that several endpoints share. */
import { boolean, either, list, type NumberMapRule, object, setBoolean, text } from './schema.ts'

/** Most tokens anybody may ask for: far above every model, and too few digits for a card. */
export const MAX_TOKENS = 10_000_000
/** `logit_bias`: numbers by token id. */
export const logitBias: NumberMapRule = { kind: 'number_map', maxKey: 999_999, min: -100, max: 100 }
/** `stop`: one text or a few. */
export const stopTexts = either({ string: text, list: list(text, { max: 16 }) })
/** `stream_options`. */
export const streamOptions = object({ include_usage: setBoolean, include_obfuscation: boolean })
