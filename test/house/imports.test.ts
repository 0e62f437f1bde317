/** Who may import whom: the table of `.github/ARCHITECTURE.md`, enforced. */
import assert from 'node:assert/strict'
import { builtinModules } from 'node:module'
import { test } from 'node:test'
import { allSources, packageOf, read, resolveSpecifier, type Source } from './tree.ts'

interface Room {
  readonly name: string
  readonly holds: RegExp
  /** Rooms it may import besides itself. */
  readonly may: readonly string[]
}

const LEAVES = ['detectors', 'routing-rules', 'restore']
const SHARED = [...LEAVES, 'shared']
const ADAPTER_MAY = [...SHARED, 'config']

/** First match wins, so the rooms of files that stand in `proxy/` itself come before the shared rest. */
const ROOMS: readonly Room[] = [
  { name: 'detectors', holds: /^detectors\//, may: [] },
  { name: 'routing-rules', holds: /^routing-rules\//, may: ['detectors'] },
  { name: 'restore', holds: /^restore\//, may: ['detectors'] },
  { name: 'pipeline', holds: /^proxy\/pipeline(\/|\.ts$)/, may: [...SHARED, 'config', 'wire', 'classify'] },
  { name: 'wire', holds: /^proxy\/wire\//, may: SHARED },
  { name: 'classify', holds: /^proxy\/classify\//, may: SHARED },
  { name: 'config', holds: /^proxy\/config\//, may: SHARED },
  { name: 'server', holds: /^proxy\/server\//, may: [...SHARED, 'config', 'wire', 'pipeline'] },
  { name: 'auth', holds: /^proxy\/auth\//, may: ADAPTER_MAY },
  { name: 'local', holds: /^proxy\/local\//, may: ADAPTER_MAY },
  { name: 'names', holds: /^proxy\/names\//, may: ADAPTER_MAY },
  { name: 'cloud', holds: /^proxy\/cloud\//, may: ADAPTER_MAY },
  { name: 'audit', holds: /^proxy\/audit\//, may: ADAPTER_MAY },
  { name: 'store', holds: /^proxy\/store\//, may: ADAPTER_MAY },
  { name: 'admin', holds: /^proxy\/admin\//, may: [...ADAPTER_MAY, 'store', 'audit'] },
  {
    name: 'composition',
    holds: /^proxy\/(main|cli|control|doctor|detect-text|policy)\.ts$|^proxy\/(main|cli|demo)\//,
    may: [
      'shared',
      'pipeline',
      'wire',
      'classify',
      'config',
      'server',
      'auth',
      'local',
      'names',
      'cloud',
      'audit',
      'store',
      'admin',
      ...LEAVES,
    ],
  },
  { name: 'shared', holds: /^proxy\/[^/]+\.ts$/, may: LEAVES },
  { name: 'bench', holds: /^bench\//, may: ['*'] },
  { name: 'test', holds: /^test\//, may: ['*'] },
]

/** The files that may import a package; tests and benchmarks may import any. */
const OWNERS: Readonly<Record<string, readonly RegExp[]>> = {
  '@electric-sql/pglite': [/^proxy\/store\//],
  '@hono/node-server': [/^proxy\/(server|auth|admin)\//, /^proxy\/main(\.ts$|\/)/],
  commander: [/^proxy\/cli(\.ts$|\/)/],
  compromise: [/^detectors\/recognisers\/[\w-]+\.ts$/],
  'drizzle-orm': [/^proxy\/store\//],
  hono: [/^proxy\/(server|auth|admin)\//],
  jose: [/^proxy\/auth\//],
  'libphonenumber-js': [/^detectors\/recognisers\/phone[\w-]*\.ts$/],
  'lru-cache': [/^proxy\/findings-cache\.ts$/, /^proxy\/(auth|classify)\//],
  'node-llama-cpp': [/^proxy\/local\/llama/],
  // The demonstration is a client, so it uses the client that users have.
  openai: [/^proxy\/(cloud|local)\//, /^proxy\/cli\/demo\.ts$/],
  postgres: [/^proxy\/store\//],
  re2js: [/^detectors\/own-recognisers\.ts$/],
  'prom-client': [/^proxy\/metrics\.ts$/],
  undici: [/^proxy\/(cloud|local|names)\//],
  yaml: [/^routing-rules\//, /^proxy\/config\//],
  // Whatever is read from a file or another process is checked by a schema where it is read.
  zod: [/^routing-rules\//, /^proxy\//],
}

/** What a leaf may use of Node: what only computes. */
const PURE_BUILTINS = new Set([
  'node:buffer',
  'node:crypto',
  'node:path',
  'node:url',
  'node:util',
  'node:zlib',
])
/** Files of a leaf that load a shipped table or package, and what they need for it. */
const LOADERS: Readonly<Record<string, readonly string[]>> = {
  'detectors/ner/recogniser.ts': ['node:fs'],
  'detectors/recognisers/people.ts': ['node:module'],
}

function roomOf(path: string): Room {
  const room = ROOMS.find((candidate) => candidate.holds.test(path))
  assert.ok(room, `${path} stands in no room of the table`)
  return room
}

function crossings(source: Source): readonly string[] {
  const room = roomOf(source.path)
  if (room.may.includes('*')) return []
  return source.specifiers
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => roomOf(resolveSpecifier(source.path, specifier)).name)
    .filter((target) => target !== room.name && !room.may.includes(target))
    .map((target) => `${source.path} (${room.name}) imports ${target}`)
}

const shipped = allSources().filter((source) =>
  /^(detectors|routing-rules|restore|proxy)\//.test(source.path),
)

test('every source file stands in a room', () => {
  const lost = allSources().filter(({ path }) => !ROOMS.some((room) => room.holds.test(path)))
  assert.deepEqual(
    lost.map(({ path }) => path),
    [],
  )
})

test('no folder imports a folder that the table does not give it', () => {
  assert.deepEqual(allSources().flatMap(crossings), [])
})

test('benchmarks and tests are imported by nobody', () => {
  const wrong = shipped.flatMap((source) =>
    source.specifiers
      .filter((specifier) => /^(bench|test)\//.test(resolveSpecifier(source.path, specifier)))
      .map((specifier) => `${source.path} imports ${specifier}`),
  )
  assert.deepEqual(wrong, [])
})

test('a relative import names its file with the extension, and an own file is never imported by a bare name', () => {
  const wrong = allSources().flatMap((source) =>
    source.specifiers
      .filter((specifier) => specifier.startsWith('.') && !/\.(ts|json|js|mjs)$/.test(specifier))
      .map((specifier) => `${source.path} imports ${specifier}`),
  )
  assert.deepEqual(wrong, [])
})

test('each package has its owners and nobody else imports it', () => {
  const wrong = shipped.flatMap((source) =>
    source.specifiers
      .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
      .map(packageOf)
      .filter((name) => !(OWNERS[name] ?? []).some((owner) => owner.test(source.path)))
      .map((name) => `${source.path} imports ${name}`),
  )
  assert.deepEqual(wrong, [])
})

test('every dependency of package.json has an owner in the table, and the table names no other', () => {
  const manifest: { dependencies: Record<string, string> } = JSON.parse(read('package.json'))
  assert.deepEqual(Object.keys(OWNERS).sort(), Object.keys(manifest.dependencies).sort())
})

test('every dependency is used by what is shipped', () => {
  const used = new Set(shipped.flatMap((source) => source.specifiers.map(packageOf)))
  const manifest: { dependencies: Record<string, string> } = JSON.parse(read('package.json'))
  assert.deepEqual(
    Object.keys(manifest.dependencies).filter((name) => !used.has(name)),
    [],
  )
})

test('Node modules are imported with the node: prefix', () => {
  const bare = new Set(builtinModules)
  const wrong = allSources().flatMap((source) =>
    source.specifiers
      .filter((specifier) => bare.has(specifier))
      .map((specifier) => `${source.path} imports ${specifier}`),
  )
  assert.deepEqual(wrong, [])
})

test('the leaves use only the parts of Node that compute', () => {
  const wrong = shipped
    .filter(({ path }) => LEAVES.includes(roomOf(path).name))
    .flatMap((source) =>
      source.specifiers
        .filter((specifier) => specifier.startsWith('node:') && !PURE_BUILTINS.has(specifier))
        .filter((specifier) => LOADERS[source.path]?.includes(specifier) !== true)
        .map((specifier) => `${source.path} imports ${specifier}`),
    )
  assert.deepEqual(wrong, [])
})
