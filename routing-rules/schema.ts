/** The shape of a policy file. What the shape cannot say (names that must exist) is checked in `compile.ts`. */
import { z } from 'zod'
import { ENTITY_NAME } from '../detectors/entities.ts'
import { ENDPOINTS } from './conditions/request.ts'
import { type LocatedDocument, type Path, valueAt } from './document.ts'
import { suggestion } from './nearest.ts'
import { CEILINGS, type RuleProblem } from './types.ts'
import { parseDuration, parseRate } from './units.ts'

/** Names go into response headers and audit records, so they are plain. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
/** Printable, and free of what could break a header. */
const MODEL = /^[\x21-\x7e]{1,200}$/

const name = z
  .string()
  .regex(NAME, 'expected a name: letters, digits, ".", "_" and "-", at most 64')
  .describe('A name: letters, digits, ".", "_" and "-".')
const line = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^\p{Cc}]*$/u, 'expected one line')
const names = z.array(name).min(1).max(1000)

const conditions = z
  .record(z.string(), z.unknown())
  .meta({ id: 'conditions', description: 'Conditions that must all hold; all, any and not nest.' })

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, 'expected a duration such as 90s, 15m, 2h or 1d')
  .describe('A duration such as 90s, 15m, 2h or 1d.')
const rate = z
  .string()
  .refine((text) => parseRate(text) !== null, 'expected a rate such as 60/min, 200k/hour or 100/day')
  .describe('A rate such as 60/min, 200k/hour or 100/day.')

const destination = z.strictObject({
  kind: z.enum(['local', 'cloud']),
  provider: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Name of a `cloud` entry of the configuration; "*" is the first one.'),
  model: z
    .string()
    .regex(MODEL, 'expected a model name without spaces')
    .optional()
    .describe('Model asked of it; "*", or none, is the one the configuration names.'),
  regions: names.optional().describe('Where it runs. Default: [onprem] for local, unknown for cloud.'),
  endpoints: z.array(z.enum(ENDPOINTS)).min(1).optional().describe('Default: chat, responses, completions.'),
  cost: z
    .strictObject({ in: z.number().nonnegative(), out: z.number().nonnegative() })
    .optional()
    .describe('Currency per million tokens.'),
  sanitise: z
    .boolean()
    .optional()
    .describe('false: for public data only; a guard with a ceiling from sanitise up still sanitises.'),
  optional: z
    .boolean()
    .optional()
    .describe('true: left out when nothing in the configuration provides it, instead of being an error.'),
})

const list = z.union([
  z.array(z.string().min(1).max(200)).max(100_000),
  z.strictObject({ file: z.string().min(1).max(1000).describe('One term a line; "#" starts a comment.') }),
])

const effects = z.strictObject({
  ceiling: z.enum(CEILINGS).optional(),
  only_regions: names.optional().describe('Keeps destinations all of whose regions are named here.'),
  tools: z.literal('none').optional().describe('Takes the tools out of the request.'),
  code: name.optional().describe('Code for audit and explanation.'),
  alert: name.optional().describe('Raises an alert of this name.'),
  notice: name.optional().describe('Adds a notice of this name.'),
  approvers: names.optional().describe('Who may release a held request.'),
  timeout: duration.optional(),
  on_timeout: z.enum(['local', 'block']).optional().describe('What happens when nobody decides in time.'),
})

const per = z.enum(['identity.team', 'identity.user', 'identity.key', 'identity.region'])
const limitPer = z.enum(['identity.team', 'identity.user', 'identity.key'])

const guard = z.strictObject({
  id: name,
  why: line.optional(),
  when: conditions.optional().describe('Absent: always.'),
  // biome-ignore lint/suspicious/noThenProperty: the word of the rule language; this object is never awaited.
  then: effects.optional(),
  per: per.optional(),
  allow: z
    .record(z.string().min(1).max(200), z.array(name).max(1000))
    .optional()
    .describe('Destinations per team; "*" is for teams not listed.'),
})

const route = z.strictObject({
  id: name,
  why: line.optional(),
  when: conditions.optional().describe('Absent: always.'),
  to: names.describe('Destinations in order of preference.'),
})

/** The whole file. */
export const policySchema = z.strictObject({
  version: z.literal(1),
  policy: name.describe('Name of the policy, in every decision.'),
  revision: z
    .union([
      z.string().regex(/^[A-Za-z0-9][\w.:+-]{0,63}$/, 'expected a revision such as 2026-11-20.1'),
      z.int(),
    ])
    .optional()
    .describe('In every decision and audit record. Absent: the start of the SHA-256 of the file.'),
  destinations: z.record(name, destination),
  lists: z.record(z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, 'expected a lower-case name'), list).optional(),
  groups: z
    .record(z.string().regex(ENTITY_NAME, 'expected an upper-case name'), z.array(z.string()).min(1).max(200))
    .optional(),
  guards: z.array(guard).max(1000).optional(),
  limits: z
    .array(
      z.strictObject({
        per: limitPer,
        requests: rate.optional(),
        tokens: rate.optional(),
        escalations: rate.optional(),
      }),
    )
    .max(100)
    .optional(),
  budgets: z
    .array(
      z.strictObject({
        per: limitPer,
        amount: z.number().positive(),
        currency: z.string().regex(/^[A-Z]{3}$/, 'expected a currency code such as EUR'),
        window: z.enum(['day', 'week', 'month']),
        warn_at: z
          .number()
          .gt(0)
          .lte(1)
          .optional()
          .describe('Part of the amount from which to warn, once per window.'),
      }),
    )
    .max(100)
    .optional(),
  routes: z.array(route).max(1000).optional(),
  default: z.strictObject({ to: names }),
  shadow: z.string().min(1).max(1000).optional().describe('A second policy, evaluated and counted only.'),
})

/** A policy file that has the right shape. */
export type PolicyFile = z.infer<typeof policySchema>

/** Checks a value against a schema: the value, or every problem at its place. Never quotes the file. */
export function checkShape<T extends z.ZodType>(
  schema: T,
  document: LocatedDocument,
): { readonly value: z.infer<T> | null; readonly problems: readonly RuleProblem[] } {
  const result = schema.safeParse(document.value)
  if (result.success) return { value: result.data, problems: [] }
  const problems = result.error.issues.flatMap((issue) => issueProblems(issue, schema, document, []))
  return { value: null, problems }
}

function issueProblems(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  document: LocatedDocument,
  above: Path,
): RuleProblem[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))]
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(schema, path)
      return issue.keys.map((key) =>
        document.problemAtKey([...path, key], `unknown key${suggestion(key, known)}`),
      )
    }
    case 'invalid_key': {
      const message = issue.issues[0]?.message ?? 'expected another name'
      return [document.problemAtKey(path, message)]
    }
    case 'invalid_value': {
      const given = valueAt(document.value, path)
      const words = issue.values.map(String)
      const hint =
        typeof given === 'string' ? suggestion(given, words) : `; expected one of: ${words.join(', ')}`
      return [
        document.problemAt(path, `${given === undefined ? missing(path) : 'not one of the values'}${hint}`),
      ]
    }
    case 'invalid_union':
      return [document.problemAt(path, unionMessage(path))]
    case 'invalid_type': {
      const given = valueAt(document.value, path)
      if (given === undefined) return [document.problemAt(path, missing(path))]
      if (given === null && path.length === 0) return [document.problemAt(path, 'the file is empty')]
      return [document.problemAt(path, `expected ${TYPE_WORDS[issue.expected] ?? issue.expected}`)]
    }
    case 'too_small':
      return [document.problemAt(path, `too small: at least ${issue.minimum} expected`)]
    case 'too_big':
      return [document.problemAt(path, `too large: at most ${issue.maximum} expected`)]
    default:
      return [document.problemAt(path, issue.message)]
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text (put numbers in quotes)',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
}

function missing(path: Path): string {
  const key = path.at(-1)
  return `${key === undefined ? 'the file' : `"${key}"`} is missing`
}

function unionMessage(path: Path): string {
  if (path[0] === 'lists') return 'expected a list of terms, or { file: path }'
  return path[0] === 'revision' ? 'expected a text such as "2026-11-20.1"' : 'expected another kind of value'
}

/** The keys the schema knows at a path, for "did you mean". */
function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  let here: unknown = schema
  for (const step of path) {
    here = unwrap(here)
    if (here instanceof z.ZodObject) here = here.shape[step]
    else if (here instanceof z.ZodArray) here = here.element
    else if (here instanceof z.ZodRecord) here = here.valueType
    else return []
  }
  here = unwrap(here)
  return here instanceof z.ZodObject ? Object.keys(here.shape) : []
}

function unwrap(schema: unknown): unknown {
  let here = schema
  while (
    here instanceof z.ZodOptional ||
    here instanceof z.ZodNullable ||
    here instanceof z.ZodDefault ||
    here instanceof z.ZodPrefault
  ) {
    here = here.unwrap()
  }
  if (here instanceof z.ZodUnion) return here.options.find((option) => option instanceof z.ZodObject) ?? here
  return here
}
