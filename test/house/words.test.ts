/** What must stand in no file, and what every document must get right about names of commands. */
import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { filesUnder, ROOT, read, trackedFiles } from './tree.ts'

const MAX_SEARCHED_BYTES = 2_000_000
const THIS_FILE = 'test/house/words.test.ts'
const TEXT =
  /\.(ts|js|mjs|json|md|ya?ml|svg|sql|txt|sh|npmrc|gitignore)$|(^|\/)(LICENSE|Dockerfile[\w.]*)$|^\.ci\//

const texts = trackedFiles()
  .filter((path) => TEXT.test(path) && path !== THIS_FILE && !path.startsWith('test/fixtures/'))
  .filter((path) => {
    const size = statSync(join(ROOT, path), { throwIfNoEntry: false })?.size
    return size !== undefined && size <= MAX_SEARCHED_BYTES
  })

/** Lines of tracked text files that match, as `path:line`. */
function linesWith(pattern: RegExp, among: readonly string[] = texts): readonly string[] {
  return among.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  )
}

test('no file names the host of a package registry: a lock file from another mirror must install here', () => {
  assert.deepEqual(
    linesWith(/https?:\/\/(registry\.|npm\.pkg)|artifactory\.|verdaccio|"resolved":\s*"https?:/i),
    [],
  )
})

/** What people write, with the paths and merges that they write about. */
const WRITTEN = 'bench/train/ner/written/'

test('no file holds a path of one machine', () => {
  const written = texts.filter((path) => !path.startsWith(WRITTEN))
  // Tests may look for names in the paths of people who do not exist.
  const own = written.filter((path) => !path.startsWith('test/'))
  assert.deepEqual(linesWith(/(?<![\w.~/-])\/(Users|home|work|mnt|media)\/\w/, own), [])
  assert.deepEqual(linesWith(/(?<![\w.~/-])\/(work|mnt|media)\/\w/, written), [])
  assert.deepEqual(linesWith(/\b[A-Z]:\\(Users|Documents)\b/, written), [])
})

test('no file promises work that is not done', () => {
  const sources = texts.filter((path) => path.endsWith('.ts') && !path.startsWith('test/house/'))
  assert.deepEqual(linesWith(/(\/\/|\*).*\b(TODO|FIXME|XXX|HACK)\b/, sources), [])
})

test('no merge was left half-way', () => {
  const own = texts.filter((path) => !path.startsWith(WRITTEN))
  assert.deepEqual(linesWith(/^(<{7} |>{7} |={7}$)/, own), [])
})

test('no key of a real service stands in a file', () => {
  const patterns = [
    /\bsk-(proj-)?[A-Za-z0-9]{40,}\b/,
    /\bAKIA(?!IOSFODNN7EXAMPLE)[0-9A-Z]{16}\b/,
    /\bghp_(?!x{36})[A-Za-z0-9]{36}\b/,
  ]
  for (const pattern of patterns) assert.deepEqual(linesWith(pattern), [])
})

/** The commands a document shows, in fenced blocks and between single backticks. */
function shownCommands(path: string): readonly string[] {
  const text = read(path)
  const fenced = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap((match) =>
    (match[1] ?? '').split('\n'),
  )
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '')
  return [...fenced, ...inline]
}

const DOCUMENTS = trackedFiles().filter((path) => path.endsWith('.md') && !path.startsWith('test/'))

test('every npm script that a document shows exists', () => {
  const manifest: { scripts: Record<string, string> } = JSON.parse(read('package.json'))
  for (const path of DOCUMENTS) {
    for (const command of shownCommands(path)) {
      for (const [, script] of command.matchAll(/\bnpm run (?:-s )?([\w:-]+)/g)) {
        assert.ok(script && script in manifest.scripts, `${path}: npm run ${script}`)
      }
      for (const [, script] of command.matchAll(/\bnpm (start|test)\b/g)) {
        assert.ok(script && script in manifest.scripts, `${path}: npm ${script}`)
      }
    }
  }
})

test('every command of ours that a document shows exists, and the README describes every command', async () => {
  const { Command } = await import('commander')
  const { COMMANDS } = await import('../../proxy/cli/index.ts')
  const program = new Command()
  for (const register of COMMANDS) register(program, async () => undefined)
  const known = new Map(
    program.commands.map((command) => [command.name(), command.commands.map((sub) => sub.name())]),
  )
  const compose = filesUnder('docker')
  for (const path of [...DOCUMENTS, ...compose]) {
    for (const [, name, sub] of read(path).matchAll(
      /(?:npm run -s cloakroom --|exec cloakroom cloakroom) (\w+)(?: ([a-z]+)\b)?/g,
    )) {
      const subcommands = known.get(name ?? '')
      assert.ok(subcommands !== undefined, `${path}: cloakroom ${name}`)
      if (subcommands.length > 0)
        assert.ok(sub && subcommands.includes(sub), `${path}: cloakroom ${name} ${sub}`)
    }
  }
  const readme = read('README.md').replace(/^[\s\S]*?^### Command line$/m, '')
  for (const [name, subcommands] of known) {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))
    assert.ok(row !== undefined, `the README has no row for the command ${name}`)
    for (const sub of subcommands)
      assert.ok(row.includes(`\`${sub}\``), `the README's row of ${name} lacks ${sub}`)
  }
  const rows = [...readme.matchAll(/^\| `([a-z]+)` \| /gm)].map((match) => match[1])
  for (const name of rows)
    assert.ok(name && known.has(name), `the README describes ${name}, which does not exist`)
})
