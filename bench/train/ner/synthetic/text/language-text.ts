/** What a language contributes to generated text. */

/**
 * Sentences and words of one language. In sentences, `{slot}` stands for a generated value: `person`, `given`,
 * `family`, `formal` (title and family name), `org`, `city`, `country`, `address`, `street`, `job`, `date`,
 * `group` (nationality, religion, party), and unlabelled ones: `email`, `phone`, `id`, `amount`, `time`, `count`.
 */
export interface LanguageText {
  readonly language: string
  /** ISO country codes names and places are mostly taken from. */
  readonly countries: readonly string[]
  /** Locale prefix of job titles, such as `de_`. */
  readonly jobLocale: string
  readonly greetings: readonly string[]
  readonly closings: readonly string[]
  readonly titles: readonly string[]
  readonly sentences: readonly string[]
  /** Sentences without personal data, with capitalised words that are none. */
  readonly plain: readonly string[]
  readonly clinical: readonly string[]
  readonly contract: readonly string[]
  readonly chat: readonly string[]
  readonly fields: Readonly<Record<FieldKind, readonly string[]>>
  /** Streets: `{name}` is a street's proper part. */
  readonly streets: readonly string[]
  readonly companyForms: readonly string[]
  readonly groups: readonly string[]
  /** Lower or upper case as written in running text. */
  readonly months: readonly string[]
  /** `{d}`, `{m}` (number), `{month}`, `{y}`. */
  readonly dates: readonly string[]
  /** Words that stand in columns and values without being personal. */
  readonly values: readonly string[]
}

/** What a field of a form, table or record holds. */
export type FieldKind =
  | 'person'
  | 'given'
  | 'family'
  | 'org'
  | 'city'
  | 'country'
  | 'street'
  | 'postcode'
  | 'address'
  | 'job'
  | 'date'
  | 'group'
  | 'other'
