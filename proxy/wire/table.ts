/** Prints what becomes of every request field, from the very tables that decide it. */
import type { Endpoint } from './endpoint.ts'
import { childrenOf, type Rule } from './schema.ts'

/** One row: a field and its treatment. */
export interface FieldRow {
  readonly endpoint: string
  /** Path with `[]` for list items and `<role=user>` for cases. */
  readonly field: string
  readonly treatment: string
}

/** Every field of an endpoint, in the order of its table. */
export function fieldRows(endpoint: Pick<Endpoint, 'path' | 'request'>): readonly FieldRow[] {
  const rows: FieldRow[] = []
  const visit = (rule: Rule, field: string): void => {
    const treatment = treatmentOf(rule)
    if (treatment !== null) rows.push({ endpoint: endpoint.path, field, treatment })
    for (const [name, inner] of childrenOf(rule)) visit(inner, childPath(rule, field, name))
  }
  visit(endpoint.request, '')
  return mergeAlternatives(rows)
}

/** All endpoints as one Markdown table. */
export function fieldTable(endpoints: readonly Pick<Endpoint, 'path' | 'request'>[]): string {
  const rows = endpoints
    .flatMap(fieldRows)
    .map(({ endpoint, field, treatment }) => `| \`${endpoint}\` | \`${field}\` | ${treatment} |`)
  return ['| endpoint | field | treatment |', '| --- | --- | --- |', ...rows, ''].join('\n')
}

function childPath(rule: Rule, field: string, name: string | null): string {
  if (rule.kind === 'list') return `${field}[]`
  if (rule.kind === 'tagged') return `${field}<${rule.tag}=${name}>`
  if (name === null) return field
  return field === '' ? name : `${field}.${name}`
}

/** Null for what only holds other fields. */
function treatmentOf(rule: Rule): string | null {
  switch (rule.kind) {
    case 'number':
      return `${rule.integer ? 'whole number' : 'number'} ${rule.min}…${rule.max}`
    case 'boolean':
      return 'true or false'
    case 'choice':
      return `one of ${rule.values.map((value) => `\`${value}\``).join(' ')}`
    case 'text':
      return rule.always === undefined ? 'text: detected' : `text: always replaced, as ${rule.always}`
    case 'json_text':
      return rule.when === 'always'
        ? 'JSON text: parsed, values and names detected'
        : 'text: detected; with escapes, as parsed JSON'
    case 'json':
      return rule.words === 'schema'
        ? 'JSON Schema: values and names detected, its own words kept'
        : 'JSON: values and names detected'
    case 'media':
      return 'image, audio or file: refused'
    case 'refused':
      return rule.spare === true ? 'refused; left out with `strict_fields: false`' : 'refused'
    case 'dropped':
      return 'left out'
    case 'set':
      return rule.treatment ?? 'set by the proxy'
    case 'id':
      return 'id: numbered anew'
    case 'number_map':
      return `numbers ${rule.min}…${rule.max} by number up to ${rule.maxKey}`
    default:
      return null
  }
}

/** A field that takes several JSON types is one row. */
function mergeAlternatives(rows: readonly FieldRow[]): readonly FieldRow[] {
  const merged = new Map<string, FieldRow>()
  for (const row of rows) {
    const known = merged.get(row.field)
    const treatments = known === undefined ? [] : known.treatment.split('; or ')
    if (known !== undefined && treatments.includes(row.treatment)) continue
    merged.set(
      row.field,
      known === undefined ? row : { ...row, treatment: [...treatments, row.treatment].join('; or ') },
    )
  }
  return [...merged.values()]
}
