/** The repository as the house tests see it: its files, and the syntax of its TypeScript. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import ts from 'typescript'

/** Absolute path of the repository's root. */
export const ROOT = join(import.meta.dirname, '../..')
const SKIPPED = /^(node_modules|dist|data|models|\.git)(\/|$)|(^|\/)node_modules(\/|$)|^bench\/results\//

/** The text of a file, by its path from the root. */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Paths of all files on disk under a folder (the whole tree without one), with `/`, sorted; build output excluded. */
export function filesUnder(folder = ''): readonly string[] {
  const paths = readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name)
    if (SKIPPED.test(path)) return []
    if (entry.isDirectory()) return filesUnder(path)
    return entry.isFile() ? [path] : []
  })
  return paths.sort()
}

/** Paths that git tracks; every file on disk where there is no git, such as in an unpacked archive. */
export function trackedFiles(): readonly string[] {
  try {
    const output = execFileSync('git', ['ls-files', '-z'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return output.split('\0').filter((path) => path !== '' && !SKIPPED.test(path))
  } catch {
    return filesUnder()
  }
}

/** One TypeScript file: its path, its syntax, and what it imports. */
export interface Source {
  readonly path: string
  readonly syntax: ts.SourceFile
  /** Specifiers as written, of every form of import and export, dynamic, in types, and by `createRequire`. */
  readonly specifiers: readonly string[]
}

let sources: readonly Source[] | undefined

/** Every TypeScript file of the repository, parsed once. */
export function allSources(): readonly Source[] {
  sources ??= filesUnder()
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.startsWith('test/clients/'))
    .map((path) => {
      const text = read(path)
      const syntax = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)
      const imported = ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName)
      return { path, syntax, specifiers: [...imported, ...required(syntax)] }
    })
  return sources
}

/** What a file asks a made `require` for: `createRequire(import.meta.url)('name')`. */
function required(syntax: ts.SourceFile): readonly string[] {
  const names: string[] = []
  const step = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isCallExpression(node.expression)) {
      const maker = node.expression.expression
      const [name] = node.arguments
      if (ts.isIdentifier(maker) && maker.text === 'createRequire' && name && ts.isStringLiteralLike(name))
        names.push(name.text)
    }
    ts.forEachChild(node, step)
  }
  step(syntax)
  return names
}

/** The repository path a relative specifier means. */
export function resolveSpecifier(from: string, specifier: string): string {
  return posix.normalize(posix.join(dirname(from), specifier))
}

/** The package behind a bare specifier: `hono` for `hono/cors`, `@a/b` for `@a/b/c`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** `path:line` of a node, for messages. */
export function placeOf(source: Source, node: ts.Node): string {
  return `${source.path}:${source.syntax.getLineAndCharacterOfPosition(node.getStart(source.syntax)).line + 1}`
}

/** Visits every node of a file. */
export function eachNode(source: Source, visit: (node: ts.Node) => void): void {
  const step = (node: ts.Node): void => {
    visit(node)
    ts.forEachChild(node, step)
  }
  step(source.syntax)
}
