/** The documents are true: every key, header, code, variable and link they should have is there. */
import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { ENTITIES } from '../../detectors/index.ts'
import { configSchema } from '../../proxy/config/schema.ts'
import { Problem, type ProblemCode, renderProblem } from '../../proxy/problem.ts'
import { ENDPOINTS } from '../../proxy/wire/index.ts'
import { fieldRows } from '../../proxy/wire/table.ts'
import { compilePolicy } from '../../routing-rules/index.ts'
import { allSources, ROOT, read, trackedFiles } from './tree.ts'

const readme = read('README.md')

/** Rows of the table under a heading: cells without their backticks. */
function table(heading: string): readonly (readonly string[])[] {
  const from = readme.indexOf(heading)
  assert.ok(from >= 0, `the README has no ${heading}`)
  const lines = readme.slice(from).split('\n')
  const first = lines.findIndex((line) => line.startsWith('| ---'))
  const rows = lines.slice(first + 1)
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    )
}

const unquote = (cell: string | undefined): string => (cell ?? '').replace(/^`|`$/g, '')

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
}

/** Every key of the configuration as `auth.jwt.issuer` or `cloud[].name`. */
function configKeys(schema: JsonSchema, path = ''): readonly { readonly key: string }[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const key = path === '' ? name : `${path}.${name}`
    if (child.properties) return configKeys(child, key)
    if (child.items?.properties) return configKeys(child.items, `${key}[]`)
    return [{ key }]
  })
}

const keys = configKeys(z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema)
const documented = new Map(
  table('| Key | Default |').map(([key, fallback]) => [unquote(key), unquote(fallback)]),
)

test('the table of the configuration has every key and no other, in the order of the file', () => {
  assert.deepEqual(
    [...documented.keys()],
    keys.map(({ key }) => key),
  )
})

/** A default as the file would say it. */
function asWritten(value: unknown, key: string): string {
  if (value === undefined) return ''
  if (/^detectors\.(pattern|ner)$/.test(key)) return value === true ? 'on' : 'off'
  if (key === 'listen') {
    const { host, port } = value as { host: string; port: number }
    return `${host}:${port}`
  }
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '')
}

test('the table of the configuration shows the defaults that are in force', () => {
  const required = { cloud: [{ name: 'us-cloud', base_url: 'https://api.example.com/v1' }] }
  const inForce: unknown = configSchema.parse(required)
  for (const { key } of keys.filter(
    (entry) => !/^(cloud\[\]\.(name|base_url)|detectors\.deny\[\]\..*)$/.test(entry.key),
  )) {
    const value = key
      .split('.')
      .map((part) => part.replace(/\[\]$/, ''))
      .reduce<unknown>((at, part) => {
        const inside: unknown = typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined
        return key.startsWith('cloud[]') && part === 'cloud' && Array.isArray(inside) ? inside[0] : inside
      }, inForce)
    assert.equal(documented.get(key), asWritten(value, key), key)
  }
})

test('the example of the configuration is valid', async () => {
  const { parse } = await import('yaml')
  const example = /```yaml\n(listen:[\s\S]*?)```/.exec(readme)?.[1]
  assert.ok(example)
  assert.deepEqual(configSchema.safeParse(parse(example)).error?.issues, undefined)
})

test('the example of a policy compiles', () => {
  const example = /```yaml\n(version: 1[\s\S]*?)```/.exec(readme)?.[1]
  assert.ok(example)
  const { problems } = compilePolicy(example, {
    file: 'README.md',
    readList: () => null,
    providers: [{ name: 'eu-cloud', model: 'mistral-large' }],
    localModel: 'local-model',
    entityTypes: [],
  })
  assert.deepEqual(
    problems.map(({ line, message }) => `${line}: ${message}`),
    [],
  )
})

test('every error code is in the table with its status, and no other', () => {
  const source = read('proxy/problem.ts')
  const rows = source.slice(source.indexOf('const ROWS'), source.indexOf('} as const satisfies'))
  const codes = [...rows.matchAll(/^ {2}(\w+): \{/gm)].map((match) => match[1] as ProblemCode)
  assert.ok(codes.length > 15)
  const shown = new Map(table('| Code | Status |').map(([code, status]) => [unquote(code), Number(status)]))
  assert.deepEqual([...shown.keys()].sort(), [...codes].sort())
  for (const code of codes) {
    assert.equal(shown.get(code), new Problem(code).status, code)
    assert.equal(JSON.parse(renderProblem(new Problem(code))).error.code, code)
  }
})

test('every header of ours that the code knows is in the README, and no other', () => {
  const inCode = new Set(
    allSources()
      .filter(({ path }) => path.startsWith('proxy/'))
      .flatMap(({ path }) => read(path).match(/(?<=['"`])x-cloakroom-[a-z-]+(?=['"`])/g) ?? []),
  )
  const shown = new Set([...readme.matchAll(/^\| `(x-cloakroom-[a-z-]+)`/gm)].map((match) => match[1] ?? ''))
  assert.deepEqual([...shown].sort(), [...inCode].sort())
})

test('every environment variable that the configuration reads is in the README, and no other', () => {
  const source = read('proxy/config/load.ts')
  const inCode = new Set(source.match(/\b(CLOAKROOM_[A-Z_]+|OPENAI_API_KEY)\b/g))
  const shown = new Set(table('| Variable |').map(([name]) => unquote(name)))
  shown.delete('DATABASE_URL')
  assert.deepEqual([...shown].sort(), [...inCode].sort())
})

test('the table of endpoints has every endpoint', () => {
  const shown = table('### Endpoints').map(([path]) => path ?? '')
  for (const { path } of ENDPOINTS)
    assert.ok(
      shown.some((cell) => cell.includes(`POST ${path}`)),
      path,
    )
  const app = read('proxy/server/app.ts')
  for (const [, path] of app.matchAll(/app\.get\(\s*'([^':]+)/g)) {
    assert.ok(
      shown.some((cell) => cell.includes(`GET ${path}`)),
      path,
    )
  }
})

/** The table of fields of all endpoints, between its marks. */
function fieldTable(): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|')
  const tables = ENDPOINTS.map((endpoint) => {
    const rows = fieldRows(endpoint).map(
      ({ field, treatment }) => `| \`${cell(field)}\` | ${cell(treatment)} |`,
    )
    const head = `<details><summary><code>POST ${endpoint.path}</code>: ${rows.length} fields</summary>`
    return [head, '', '| Field | Treatment |', '| --- | --- |', ...rows, '', '</details>'].join('\n')
  })
  return `<!-- fields: begin -->\n${tables.join('\n\n')}\n<!-- fields: end -->`
}

test('the table of fields is the one that the wire uses (UPDATE_DOCS=1 writes it)', () => {
  const page = '.github/ARCHITECTURE.md'
  const text = read(page)
  const marked = /<!-- fields: begin -->[\s\S]*<!-- fields: end -->/
  assert.match(text, marked)
  if (process.env.UPDATE_DOCS === '1')
    writeFileSync(
      join(ROOT, page),
      text.replace(marked, () => fieldTable()),
    )
  assert.ok(
    read(page).includes(fieldTable()),
    `${page} is not up to date: UPDATE_DOCS=1 npm test -- house/docs`,
  )
})

test('every entity type is named', () => {
  for (const { type } of ENTITIES) assert.match(readme, new RegExp(`\\b${type}\\b`))
})

const DOCUMENTS = trackedFiles().filter((path) => path.endsWith('.md') && !path.startsWith('test/'))

/** GitHub's anchor of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

test('every link inside the repository leads somewhere', () => {
  for (const path of DOCUMENTS) {
    const links = [...read(path).matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    )
    for (const link of links.filter((target) => !/^(https?|mailto):/.test(target))) {
      const [file, fragment] = link.split('#')
      const target = file ? posix.join(dirname(path), file) : path
      assert.ok(existsSync(join(ROOT, target)), `${path}: ${link}`)
      if (fragment === undefined) continue
      const headings = [...read(target).matchAll(/^#+ (.+)$/gm)].map((match) => anchor(match[1] ?? ''))
      assert.ok(headings.includes(fragment), `${path}: ${link}`)
    }
  }
})

test('every file that the documents name in the repository exists', () => {
  for (const path of DOCUMENTS.filter((document) => document !== 'CHANGELOG.md')) {
    const named = [
      ...read(path).matchAll(/`((?:detectors|routing-rules|restore|proxy|bench|docker|test)\/[\w./*-]*)`/g),
    ]
    for (const [, name] of named) {
      if (name === undefined || /[*]|\/x\.ts$/.test(name)) continue
      assert.ok(existsSync(join(ROOT, name)) || existsSync(join(ROOT, `${name}.ts`)), `${path}: ${name}`)
    }
  }
})

test('the version of the package is in the changelog', () => {
  const { version }: { version: string } = JSON.parse(read('package.json'))
  assert.ok(read('CHANGELOG.md').includes(`## [${version}]`))
})

test('the licence of the package is the one in the LICENSE file', () => {
  const { license }: { license: string } = JSON.parse(read('package.json'))
  assert.equal(license, 'Apache-2.0')
  assert.match(read('LICENSE'), /Apache License\s+Version 2\.0/)
})
