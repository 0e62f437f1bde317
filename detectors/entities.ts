/**
 * The catalogue of entity types: one row per type. Everything else that needs to know about a type
 * (groups for rules, metrics labels, documentation) is derived from here.
 */

/** How a type identifies: alone (`direct`), in combination (`quasi`), or as a GDPR art. 9 category (`special`). */
export type EntityClass = 'direct' | 'quasi' | 'special' | 'secret'

interface EntityRow {
  readonly type: string
  readonly class: EntityClass
  readonly about: string
}

const ROWS = [
  { type: 'PERSON', class: 'direct', about: 'names of people' },
  { type: 'LOCATION', class: 'quasi', about: 'places: cities, regions, countries, landmarks' },
  { type: 'ADDRESS', class: 'direct', about: 'postal addresses and their parts' },
  { type: 'ORG', class: 'quasi', about: 'companies, agencies, institutions' },
  { type: 'DATE_TIME', class: 'quasi', about: 'dates that identify, such as dates of birth' },
  { type: 'AGE', class: 'quasi', about: 'ages of people' },
  { type: 'EMAIL', class: 'direct', about: 'e-mail addresses' },
  { type: 'PHONE', class: 'direct', about: 'telephone and fax numbers' },
  { type: 'URL', class: 'quasi', about: 'web addresses' },
  { type: 'IP_ADDRESS', class: 'direct', about: 'IPv4 and IPv6 addresses' },
  { type: 'MAC_ADDRESS', class: 'direct', about: 'hardware addresses' },
  { type: 'CREDIT_CARD', class: 'direct', about: 'payment card numbers' },
  { type: 'IBAN', class: 'direct', about: 'international bank account numbers' },
  { type: 'BANK_ACCOUNT', class: 'direct', about: 'national account and routing numbers, BIC' },
  { type: 'US_SSN', class: 'direct', about: 'US social security numbers' },
  { type: 'NATIONAL_ID', class: 'direct', about: 'national identity, tax and health-insurance numbers' },
  { type: 'PASSPORT', class: 'direct', about: 'passport numbers' },
  { type: 'DRIVER_LICENSE', class: 'direct', about: 'driving licence numbers' },
  { type: 'MEDICAL_RECORD', class: 'direct', about: 'patient and medical record numbers' },
  { type: 'USERNAME', class: 'direct', about: 'user names and handles' },
  { type: 'PASSWORD', class: 'secret', about: 'passwords' },
  { type: 'API_KEY', class: 'secret', about: 'API keys, tokens, private keys' },
  { type: 'CRYPTO_WALLET', class: 'direct', about: 'wallet addresses' },
  { type: 'COOKIE_OR_DEVICE_ID', class: 'direct', about: 'cookie, advertising and device ids' },
  { type: 'VEHICLE_ID', class: 'direct', about: 'number plates and vehicle identification numbers' },
  { type: 'NRP', class: 'special', about: 'nationality, religion, political views, union membership' },
  { type: 'HEALTH', class: 'special', about: 'health conditions, treatment, medication' },
  { type: 'BIOMETRIC', class: 'special', about: 'biometric and genetic data' },
  { type: 'TITLE_OR_JOB', class: 'quasi', about: 'titles and professions' },
  { type: 'MISC', class: 'quasi', about: 'anything else that identifies' },
] as const satisfies readonly EntityRow[]

/** A type of the catalogue; `detectors.deny` may add others at run time, hence `string`. */
export type KnownEntityType = (typeof ROWS)[number]['type']
/** A catalogue type, or one named in `detectors.deny`: `[A-Z][A-Z0-9_]*`. */
export type EntityType = KnownEntityType | (string & {})

/** All rows, in the order of documentation. */
export const ENTITIES: readonly EntityRow[] = ROWS

/** What an entity type name looks like. */
export const ENTITY_NAME = /^[A-Z][A-Z0-9_]{0,39}$/

/** Groups that rules may count; an entity may be in at most one. */
export const ENTITY_GROUPS: Readonly<Record<string, readonly KnownEntityType[]>> = {
  SPECIAL_CATEGORY: ['HEALTH', 'BIOMETRIC', 'NRP'],
  CREDENTIALS: ['PASSWORD', 'API_KEY'],
  PAYMENT: ['CREDIT_CARD', 'IBAN', 'BANK_ACCOUNT'],
}
