/** YAML text to plain values that remember where they stood. JSON is YAML. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml'
import type { RuleProblem } from './types.ts'

/** Largest file read, in UTF-16 units. Long word lists belong in `file:` lists. */
export const MAX_SOURCE = 262_144
const MAX_DEPTH = 40
const MAX_INDENT = 200
const MAX_PROBLEMS = 100

/** Where a value or key stands: keys and indexes from the top. */
export type Path = readonly (string | number)[]

/** A parsed file. `value` is made of plain objects, arrays and scalars only. */
export interface LocatedDocument {
  readonly value: unknown
  /** A problem at the value at `path`, or at the nearest thing above it that exists. */
  problemAt(path: Path, message: string, severity?: 'error' | 'warning'): RuleProblem
  /** A problem at the key that ends `path`. */
  problemAtKey(path: Path, message: string): RuleProblem
}

/** What reading gives: a document, or why there is none. Never both empty. */
export type DocumentResult =
  | { readonly document: LocatedDocument; readonly problems: readonly [] }
  | { readonly document: null; readonly problems: readonly RuleProblem[] }

/**
 * Reads one YAML document. Refused, each with its place: syntax errors, duplicate keys, anchors, aliases,
 * merge keys, tags, several documents, nesting beyond 40, files beyond 256 Ki characters. Never throws, and
 * no message repeats a piece of the file.
 */
export function readDocument(source: string, file: string): DocumentResult {
  const refusal = refuseBeforeParsing(source)
  if (refusal !== null) return failed([{ file, ...refusal, severity: 'error' }])
  const reader = new Reader(file)
  try {
    // Duplicate keys are looked for in the walk: the parser's own check is quadratic.
    const parsed = parseDocument(source, {
      lineCounter: reader.lines,
      prettyErrors: false,
      uniqueKeys: false,
      schema: 'core',
      version: '1.2',
      merge: false,
      customTags: [],
      resolveKnownTags: false,
      logLevel: 'error',
    })
    for (const error of [...parsed.errors, ...parsed.warnings].slice(0, MAX_PROBLEMS)) {
      reader.report(error.pos[0], SYNTAX[error.code] ?? 'this is not valid YAML')
    }
    if (reader.problems.length > 0) return failed(dedupe(reader.problems))
    const value = reader.read(parsed.contents, [])
    if (reader.problems.length > 0) return failed(reader.problems)
    return { document: reader.located(value), problems: [] }
  } catch {
    // The parser is not ours: whatever it throws means that the file cannot be read.
    return failed([{ file, line: 1, column: 1, message: 'this is not valid YAML', severity: 'error' }])
  }
}

/** Fixed words per error code: the parser's own messages quote the file. */
const SYNTAX: Readonly<Record<string, string>> = {
  BAD_INDENT: 'wrong indentation, or a bracket that is not closed',
  BAD_SCALAR_START: 'a plain value cannot start with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a second ":" on one line; put the value in quotes or in { }',
  BLOCK_IN_FLOW: 'a block cannot stand inside [ ] or { }',
  BAD_DIRECTIVE: 'YAML directives are not used here',
  BAD_DQ_ESCAPE: 'unknown escape in a quoted text',
  DUPLICATE_KEY: 'this key stands here twice',
  MISSING_CHAR: 'a quote, bracket, comma or colon is missing',
  MULTIPLE_DOCS: 'one document per file: remove the second "---"',
  TAB_AS_INDENT: 'tabs are not allowed as indentation',
  TAG_RESOLVE_FAILED: 'tags ("!…") are not used here',
  KEY_OVER_1024_CHARS: 'this key is too long',
}

function failed(problems: readonly RuleProblem[]): DocumentResult {
  return { document: null, problems }
}

function dedupe(problems: readonly RuleProblem[]): RuleProblem[] {
  return [...new Map(problems.map((p) => [`${p.line}:${p.column}:${p.message}`, p])).values()]
}

/** The checks that keep the parser itself from running out of memory or stack, with a place. */
function refuseBeforeParsing(source: string): { line: number; column: number; message: string } | null {
  if (source.length > MAX_SOURCE) {
    return { line: 1, column: 1, message: `the file is longer than ${MAX_SOURCE} characters` }
  }
  let depth = 0
  let line = 1
  let lineStart = 0
  let markers = 0
  let isLeading = true
  for (let i = 0; i < source.length; i++) {
    const char = source[i]
    if (char === '\n') {
      line++
      lineStart = i + 1
      markers = 0
      isLeading = true
      continue
    }
    const here = { line, column: i - lineStart + 1 }
    if (char === '\0') return { ...here, message: 'the file holds a null character' }
    if (char === '[' || char === '{') depth++
    else if ((char === ']' || char === '}') && depth > 0) depth--
    if (isLeading) {
      if (char === '-' || char === '?' || char === ':') markers++
      else if (char !== ' ' && char !== '\t') isLeading = false
      if (isLeading && i - lineStart > MAX_INDENT) return { ...here, message: 'indented too deeply' }
    }
    if (depth > MAX_DEPTH || markers > MAX_DEPTH) return { ...here, message: 'nested too deeply' }
  }
  return null
}

type Scalar = string | number | boolean | null

/** The value at a path, or undefined. */
export function valueAt(value: unknown, path: Path): unknown {
  let here = value
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined
    here = (here as Record<string | number, unknown>)[step]
  }
  return here
}

/** Turns parsed nodes into plain values and remembers where each key and value started. */
class Reader {
  readonly lines = new LineCounter()
  readonly problems: RuleProblem[] = []
  readonly #values = new Map<string, number>()
  readonly #keys = new Map<string, number>()
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  report(offset: number, message: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(this.#problem(offset, message, 'error'))
  }

  read(node: ParsedNode | Node | null, path: Path): unknown {
    const start = node?.range?.[0] ?? 0
    this.#values.set(pathKey(path), start)
    if (path.length > MAX_DEPTH) {
      this.report(start, 'nested too deeply')
      return null
    }
    if (isAlias(node)) this.report(start, 'aliases ("*name") are not used here; write the value out')
    else if (node !== null && 'anchor' in node && node.anchor) {
      this.report(start, 'anchors ("&name") are not used here')
    }
    if (isSeq(node)) return node.items.map((item, i) => this.read(item as Node | null, [...path, i]))
    if (isMap(node)) return this.#readMap(node.items, path)
    return isScalar(node) ? this.#readScalar(node.value, start) : null
  }

  #readMap(items: readonly { key: unknown; value: unknown }[], path: Path): Record<string, unknown> {
    const entries: [string, unknown][] = []
    const seen = new Set<string>()
    for (const { key, value } of items) {
      const keyNode = key as Node | null
      const start = keyNode?.range?.[0] ?? this.#values.get(pathKey(path)) ?? 0
      const name = this.#readKey(keyNode, start)
      if (name === null) continue
      if (seen.has(name)) {
        this.report(start, 'this key stands here twice')
        continue
      }
      seen.add(name)
      const child = [...path, name]
      this.#keys.set(pathKey(child), start)
      entries.push([name, this.read(value as Node | null, child)])
      if (value === null) this.#values.set(pathKey(child), start)
    }
    return Object.fromEntries(entries)
  }

  #readKey(node: Node | null, start: number): string | null {
    const value = isScalar(node) ? node.value : null
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      this.report(start, 'a key must be a plain name')
      return null
    }
    // `1.10` as a key is the text that stands there, not the number.
    const name = typeof value !== 'string' && isScalar(node) ? (node.source ?? String(value)) : String(value)
    if (name === '__proto__') {
      this.report(start, 'this key is not allowed')
      return null
    }
    if (name === '<<') {
      this.report(start, 'merge keys ("<<") are not used here; write the values out')
      return null
    }
    return name
  }

  #readScalar(value: unknown, start: number): Scalar {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (typeof value === 'number' && Number.isFinite(value)) return value
    this.report(start, 'expected a finite number, a text, true, false or null')
    return null
  }

  located(value: unknown): LocatedDocument {
    const at = (path: Path): number => {
      for (let length = path.length; length > 0; length--) {
        const offset = this.#values.get(pathKey(path.slice(0, length)))
        if (offset !== undefined) return offset
      }
      return 0
    }
    return {
      value,
      problemAt: (path, message, severity = 'error') => this.#problem(at(path), message, severity),
      problemAtKey: (path, message) =>
        this.#problem(this.#keys.get(pathKey(path)) ?? at(path), message, 'error'),
    }
  }

  #problem(offset: number, message: string, severity: 'error' | 'warning'): RuleProblem {
    const { line, col } = this.lines.linePos(offset)
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col), message, severity }
  }
}

function pathKey(path: Path): string {
  return path.map((step) => `${String(step).length}:${step}`).join('/')
}
