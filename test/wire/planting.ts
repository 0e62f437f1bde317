/** Personal data planted at every place of a request, one place per shape. */

/** A request with one planted value. */
export interface Planted {
  readonly name: string
  readonly body: unknown
}

type Path = readonly (string | number)[]

/**
 * Copies of `base`, each with `value` at one place: instead of every string and number, as a name beside every
 * member, and inside every list. Names say where.
 */
export function plantEverywhere(base: object, value: string | number): readonly Planted[] {
  const shapes: Planted[] = []
  for (const path of placesIn(base, [])) {
    const at = path.join('.')
    shapes.push({ name: `${typeof value} at ${at}`, body: change(base, path, () => value) })
  }
  for (const path of objectsIn(base, [])) {
    const at = path.length === 0 ? 'the top' : path.join('.')
    const rename = (inner: unknown): unknown => ({ ...(inner as object), [String(value)]: 1 })
    shapes.push({ name: `name in ${at}`, body: change(base, path, rename) })
  }
  return shapes
}

function placesIn(value: unknown, path: Path): readonly Path[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => placesIn(item, [...path, index]))
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, name]))
  }
  return [path]
}

function objectsIn(value: unknown, path: Path): readonly Path[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => objectsIn(item, [...path, index]))
  if (typeof value !== 'object' || value === null) return []
  return [path, ...Object.entries(value).flatMap(([name, inner]) => objectsIn(inner, [...path, name]))]
}

function change(value: unknown, path: Path, to: (inner: unknown) => unknown): unknown {
  const [first, ...rest] = path
  if (first === undefined) return to(value)
  if (Array.isArray(value))
    return value.map((item, index) => (index === first ? change(item, rest, to) : item))
  const record = value as Record<string, unknown>
  return { ...record, [first]: change(record[String(first)], rest, to) }
}
