/** Facts written by hand: in rule tests, and for `rules explain`. */
import { type FactDefinition, isRecord } from './conditions/index.ts'
import { type LocatedDocument, type Path, readDocument, valueAt } from './document.ts'
import { suggestion } from './nearest.ts'
import type { CompiledPolicy } from './policy.ts'
import type { Facts, RuleProblem } from './types.ts'

/** Values by fact path; `null` is unknown. Later entries win. */
export type FactValues = Map<string, unknown>

/** Facts, or what is wrong with them. */
export type FactsResult =
  | { readonly facts: Facts; readonly problems: readonly [] }
  | { readonly facts: null; readonly problems: readonly RuleProblem[] }

/** Words of a recorded decision for what the rules call otherwise. */
const ALIASES: Readonly<Record<string, string>> = {
  team: 'identity.team',
  region: 'identity.region',
  tokens: 'request.tokens',
  list_hits: 'lists',
}

/**
 * Reads a file of facts (YAML or JSON) for a policy: nested (`identity: { team: hr }`), dotted
 * (`findings.HEALTH.count: 1`) or short (`findings: { HEALTH: 1 }`, `detectors: { ner: down }`), or the `facts` of
 * a recorded decision. What is not mentioned is unknown, except where the proxy always knows: the lists are
 * always counted (0), `findings.total` is the sum of the counts, absent headers are absent.
 */
export function parseFacts(source: string, file: string, policy: Pick<CompiledPolicy, 'facts'>): FactsResult {
  const { document, problems: unreadable } = readDocument(source, file)
  if (document === null) return { facts: null, problems: unreadable }
  const problems: RuleProblem[] = []
  const values = readFactValues(document, [], policy.facts, problems)
  return problems.length > 0
    ? { facts: null, problems }
    : { facts: buildFacts(values, policy.facts), problems: [] }
}

/** Collects the fact values under a place of a document; adds to `problems`. */
export function readFactValues(
  document: LocatedDocument,
  at: Path,
  known: ReadonlyMap<string, FactDefinition>,
  problems: RuleProblem[],
): FactValues {
  const values: FactValues = new Map()
  const root = valueAt(document.value, at)
  if (root === null || root === undefined) return values
  if (!isRecord(root)) {
    problems.push(document.problemAt(at, 'expected facts, such as { identity: { team: hr } }'))
    return values
  }
  const collector = { document, known, problems, values }
  collect(root, at, '', collector)
  return values
}

interface Collector {
  readonly document: LocatedDocument
  readonly known: ReadonlyMap<string, FactDefinition>
  readonly problems: RuleProblem[]
  readonly values: FactValues
}

function collect(
  map: Readonly<Record<string, unknown>>,
  at: Path,
  prefix: string,
  collector: Collector,
): void {
  const { document, known, problems, values } = collector
  for (const [key, value] of Object.entries(map)) {
    const here = [...at, key]
    const name = prefix === '' ? (ALIASES[key] ?? key) : `${prefix}.${key}`
    if (isRecord(value)) {
      collect(value, here, name, collector)
      continue
    }
    const fact = findFact(name, known)
    if (fact !== undefined) {
      const wrong = valueProblem(fact, value)
      if (wrong === null) values.set(fact.path, value)
      else problems.push(document.problemAt(here, wrong))
      continue
    }
    const below = value === null ? [...known.keys()].filter((path) => path.startsWith(`${name}.`)) : []
    if (below.length === 0)
      problems.push(document.problemAtKey(here, `unknown fact${suggestion(name, known.keys())}`))
    for (const path of below) values.set(path, null)
  }
}

/** A fact by its path, or by the short form that leaves out `.count`, `.hits` or `.status`. */
function findFact(name: string, known: ReadonlyMap<string, FactDefinition>): FactDefinition | undefined {
  const short = name.replace(/^findings\.counts\./, 'findings.')
  for (const suffix of ['', '.count', '.hits', '.status']) {
    const fact = known.get(short + suffix)
    if (fact !== undefined) return fact
  }
  return undefined
}

function valueProblem(fact: FactDefinition, value: unknown): string | null {
  if (value === null) return null
  switch (fact.kind) {
    case 'number':
      if (typeof value !== 'number') return `expected a number or null: ${fact.path} is a number`
      return value >= fact.min && value <= fact.max
        ? null
        : `${fact.path} is never outside ${fact.min} to ${fact.max}`
    case 'flag':
      return typeof value === 'boolean' ? null : `expected true, false or null: ${fact.path} is a flag`
    case 'texts':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
        ? null
        : `expected a list of texts or null: ${fact.path} holds texts`
    case 'header':
      return typeof value === 'string' ? null : `expected a text or null: ${fact.path} is a text`
    case 'text':
      if (typeof value !== 'string')
        return `expected a text or null: ${fact.path} is a text (put numbers in quotes)`
      if (fact.values === undefined || fact.values.includes(value)) return null
      return `${fact.path} never has this value${suggestion(value, fact.values)}`
    default:
      return fact satisfies never
  }
}

/** Facts from values by path. */
export function buildFacts(values: FactValues, known: ReadonlyMap<string, FactDefinition>): Facts {
  const facts: Facts = {
    identity: {},
    request: { endpoint: 'chat' },
    headers: {},
    findings: { counts: {} },
    lists: {},
    class: {},
    detectors: {},
    local: {},
    budget: { team: {} },
    time: {},
    alerts: {},
  }
  for (const fact of known.values()) if (fact.path.startsWith('lists.')) put(facts, fact.keys, 0)
  for (const [path, value] of values) {
    const fact = known.get(path)
    if (fact === undefined || (fact.kind === 'header' && value === null)) continue
    // A count that is written as unknown must not read as absent, which is 0 where the layers ran.
    put(facts, fact.keys, fact.keys[1] === 'counts' && value === null ? Number.NaN : value)
  }
  if (values.has('findings.total')) return facts
  const total = Object.values(facts.findings.counts).reduce((sum, count) => sum + count, 0)
  return { ...facts, findings: { ...facts.findings, total: Number.isNaN(total) ? null : total } }
}

function put(target: object, [key, ...rest]: readonly string[], value: unknown): void {
  if (key === undefined) return
  const inner: unknown = rest.length > 0 ? Reflect.get(target, key) : undefined
  if (isRecord(inner)) put(inner, rest, value)
  else Object.assign(target, { [key]: value })
}
