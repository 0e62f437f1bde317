/** What may happen to a value on its way out: one list. Only `placeholder` comes back. */
import type { EntityType } from '../detectors/index.ts'

/** Replaces a value. Pure; the result is never scanned for values again. */
type Replace = (value: string, entity: EntityType, placeholder: string) => string

const ENOUGH_TO_SHOW = 8
const SHOWN = 4
const WORD = /[\p{L}\p{N}]/gu

/** Every operator by name. */
export const OPERATORS = {
  /** A placeholder; restored in the answer. */
  placeholder: (_value, _entity, placeholder) => placeholder,
  /** The type in brackets. */
  redact: (_value, entity) => `[${entity}]`,
  /** Stars for letters and digits; the last four digits of a longer number stay. */
  mask: (value) => maskValue(value),
  /** Something less exact of the same kind where there is one, else as `redact`. */
  generalise: (value, entity) => generaliseValue(value, entity) ?? `[${entity}]`,
  /** The value as it is. Its other occurrences are not looked for. */
  keep: (value) => value,
} as const satisfies Readonly<Record<string, Replace>>

/** Name of an operator. */
export type OperatorName = keyof typeof OPERATORS

/** All operator names. */
export const OPERATOR_NAMES: readonly OperatorName[] = ['placeholder', 'redact', 'mask', 'generalise', 'keep']

function maskValue(value: string): string {
  const digits = value.match(/\p{Nd}/gu)?.length ?? 0
  const letters = value.match(/\p{L}/gu)?.length ?? 0
  const shown = digits >= ENOUGH_TO_SHOW && digits > letters ? SHOWN : 0
  let left = (value.match(WORD)?.length ?? 0) - shown
  return value.replace(WORD, (character) => (left-- > 0 ? '*' : character))
}

/** The decade of an age, the year of a date, the network of an IPv4 address; undefined for everything else. */
function generaliseValue(value: string, entity: EntityType): string | undefined {
  switch (entity) {
    case 'AGE': {
      const age = /(?<![0-9])[0-9]{1,3}(?![0-9])/.exec(value)?.[0]
      const decade = age === undefined ? undefined : Math.floor(Number(age) / 10) * 10
      return decade === undefined ? undefined : `${decade}-${decade + 9}`
    }
    case 'DATE_TIME':
      return /(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])/.exec(value)?.[0]
    case 'IP_ADDRESS': {
      const network = /^([0-9]{1,3}\.[0-9]{1,3})\.[0-9]{1,3}\.[0-9]{1,3}$/.exec(value)?.[1]
      return network === undefined ? undefined : `${network}.0.0/16`
    }
    default:
      return undefined
  }
}
