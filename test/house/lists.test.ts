/**
 * What is one of many stands in its list. A file is a *member* when it exports something of the list's shape; any
 * other file of the folder is a helper, and a helper is imported by somebody.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { shippedRecognisers } from '../../detectors/analyse.ts'
import { CLOUD_PROVIDERS } from '../../proxy/cloud/index.ts'
import { ENDPOINTS } from '../../proxy/wire/index.ts'
import { FACT_FAMILIES } from '../../routing-rules/conditions/index.ts'
import { allSources, eachNode, filesUnder, ROOT, resolveSpecifier, type Source } from './tree.ts'

interface List {
  readonly folder: string
  readonly members: readonly unknown[]
  /** Keys that a member has, and nothing else in the folder. */
  readonly shape: readonly string[]
}

const LISTS: readonly List[] = [
  {
    folder: 'detectors/recognisers',
    members: shippedRecognisers(true),
    shape: ['id', 'layer', 'entities', 'examples', 'analyse'],
  },
  { folder: 'routing-rules/conditions', members: FACT_FAMILIES, shape: ['facts'] },
  {
    folder: 'proxy/wire',
    members: ENDPOINTS,
    shape: ['path', 'upstreamPath', 'parse', 'requestSlots'],
  },
  { folder: 'proxy/cloud', members: CLOUD_PROVIDERS, shape: ['kind', 'paths', 'authHeaders'] },
]

async function exportsOf(path: string): Promise<Readonly<Record<string, unknown>>> {
  return import(pathToFileURL(join(ROOT, path)).href)
}

/** What a module exports, arrays opened. */
function values(exported: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Object.values(exported).flatMap((value) => (Array.isArray(value) ? value : [value]))
}

function hasShape(value: unknown, shape: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && shape.every((key) => key in value)
}

for (const { folder, members, shape } of LISTS) {
  test(`everything in ${folder} that is a member stands in its list, and once`, async () => {
    assert.ok(members.length > 0)
    assert.equal(new Set(members).size, members.length)
    for (const member of members) assert.ok(hasShape(member, shape))
    for (const path of filesUnder(folder).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('/index.ts'),
    )) {
      for (const value of values(await exportsOf(path))) {
        if (hasShape(value, shape))
          assert.ok(members.includes(value), `${path} exports a member that is in no list`)
      }
    }
  })
}

test('the ids, paths and kinds of members are unique', () => {
  for (const names of [
    shippedRecognisers(true).map(({ id }) => id),
    ENDPOINTS.map(({ path }) => path),
    ENDPOINTS.map(({ name }) => name),
    CLOUD_PROVIDERS.map(({ kind }) => kind),
  ]) {
    assert.equal(new Set(names).size, names.length, names.join(' '))
  }
})

test('every command stands in the list of commands', async () => {
  const { COMMANDS } = await import('../../proxy/cli/index.ts')
  const written: unknown[] = []
  for (const { path, syntax } of allSources().filter((source) => source.path.startsWith('proxy/cli/'))) {
    for (const [, name] of syntax.text.matchAll(/^export const (\w+): CommandModule\b/gm)) {
      if (name !== undefined) written.push((await exportsOf(path))[name])
    }
  }
  assert.equal(COMMANDS.length, new Set(COMMANDS).size)
  assert.deepEqual(new Set(written), new Set(COMMANDS))
})

/** Texts in a file that may name another one, such as a worker's address. */
function namedFiles(source: Source): readonly string[] {
  const names: string[] = []
  eachNode(source, (node) => {
    if (ts.isStringLiteralLike(node) && /^\.{1,2}\/[\w./-]+$/.test(node.text)) names.push(node.text)
    // An extension that depends on whether the sources or the compiled files run.
    if (ts.isTemplateExpression(node) && /^\.\/[\w/-]+\.$/.test(node.head.text))
      names.push(`${node.head.text}ts`)
  })
  return names
}

test('every shipped file is reached from the command line: nothing lies about', () => {
  const byPath = new Map(allSources().map((source) => [source.path, source]))
  const reached = new Set<string>()
  // The table of fields is made for the documents: `docs.test.ts` holds them to it.
  const waiting = ['proxy/cli.ts', 'proxy/wire/table.ts']
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const source = byPath.get(path)
    if (source === undefined || reached.has(path)) continue
    reached.add(path)
    for (const specifier of [...source.specifiers, ...namedFiles(source)]) {
      const target = resolveSpecifier(path, specifier)
      waiting.push(target, `${target}.ts`)
    }
  }
  const lost = [...byPath.keys()].filter(
    (path) => /^(detectors|routing-rules|restore|proxy)\//.test(path) && !reached.has(path),
  )
  assert.deepEqual(lost, [])
})

/** Rooms that are tested from outside, through a running proxy. */
const TESTED_FROM_OUTSIDE = ['server']

test('every folder of shipped code has tests', () => {
  const folders = new Set(
    allSources()
      .map(({ path }) =>
        /^(detectors|routing-rules|restore|proxy\/[\w-]+)\//.exec(path)?.[1]?.replace('proxy/', ''),
      )
      .filter((folder) => folder !== undefined),
  )
  const without = [...folders].filter(
    (folder) =>
      !TESTED_FROM_OUTSIDE.includes(folder) &&
      !filesUnder('test').some((path) => path.startsWith(`test/${folder}/`)),
  )
  assert.deepEqual(without, [])
})
