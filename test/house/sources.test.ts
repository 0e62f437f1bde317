/** What source files may say: where the network, the environment, the clock and the console may be touched. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import ts from 'typescript'
import { allSources, eachNode, placeOf, type Source } from './tree.ts'

const LEAF = /^(detectors|routing-rules|restore)\//
const SHIPPED = /^(detectors|routing-rules|restore|proxy)\//
const shipped = allSources().filter(({ path }) => SHIPPED.test(path))
const leaves = shipped.filter(({ path }) => LEAF.test(path))

/** Places in `sources` where `matches` holds, outside the files that `allowed` names. */
function places(
  sources: readonly Source[],
  matches: (node: ts.Node) => boolean,
  allowed: RegExp = /^$/,
): readonly string[] {
  const found: string[] = []
  for (const source of sources) {
    if (allowed.test(source.path)) continue
    eachNode(source, (node) => {
      if (matches(node)) found.push(placeOf(source, node))
    })
  }
  return found
}

/** `object.name`, written plainly. */
function isMember(node: ts.Node, object: string, name?: string): boolean {
  return (
    ts.isPropertyAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === object &&
    (name === undefined || node.name.text === name)
  )
}

/** A bare name that is called or constructed. */
function isCallOf(node: ts.Node, ...names: readonly string[]): boolean {
  return (
    (ts.isCallExpression(node) || ts.isNewExpression(node)) &&
    ts.isIdentifier(node.expression) &&
    names.includes(node.expression.text)
  )
}

test('nothing uses the global fetch: it follows redirects, and it is reached from anywhere', () => {
  assert.deepEqual(
    places(
      shipped,
      (node) => isCallOf(node, 'fetch', 'WebSocket', 'EventSource') || isMember(node, 'globalThis', 'fetch'),
    ),
    [],
  )
})

/** Every file that can open a connection or listen, and why. A new one is a new door: say here what it is for. */
const DOORS: Readonly<Record<string, string>> = {
  'proxy/auth/jwks-fetch.ts': 'the public keys of the identity provider in the configuration',
  'proxy/cloud/egress.ts': 'the clouds in the configuration',
  'proxy/cloud/receive.ts': 'the answers of the clouds',
  'proxy/demo/fake-cloud.ts': 'the cloud of the demonstration, on the loopback address',
  'proxy/doctor.ts': 'whether the clouds in the configuration can be reached; sends nothing',
  'proxy/local/download.ts': 'the hub of models, when the command line is told to fetch one',
  'proxy/local/http-fetch.ts': 'the local model server in the configuration',
  'proxy/names/http.ts': 'the name server in the configuration',
  'proxy/server/http-server.ts': 'the server itself',
  'proxy/store/endpoint.ts': 'the socket in the data directory',
}

test('only the doors in the list can open a connection', () => {
  const network = /^(node:(net|http|https|http2|tls|dgram|dns)(\/promises)?|undici)$/
  const doors = shipped.filter((source) => {
    let opens = false
    eachNode(source, (node) => {
      if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return
      const named = node.importClause?.namedBindings
      const typesOnly =
        node.importClause?.isTypeOnly === true ||
        (named !== undefined &&
          ts.isNamedImports(named) &&
          named.elements.every((element) => element.isTypeOnly))
      if (network.test(node.moduleSpecifier.text) && !typesOnly) opens = true
    })
    return opens
  })
  assert.deepEqual(
    doors.map(({ path }) => path),
    Object.keys(DOORS),
  )
})

test('process.env is read in the configuration alone', () => {
  assert.deepEqual(
    places(shipped, (node) => isMember(node, 'process', 'env'), /^proxy\/config\//),
    [],
  )
})

test('the console belongs to the command line', () => {
  assert.deepEqual(
    places(shipped, (node) => isMember(node, 'console'), /^proxy\/(cli\.ts|cli\/|demo\/)/),
    [],
  )
})

test('the leaves know no clock, no chance, no timer, no process and no network', () => {
  const impure = (node: ts.Node): boolean =>
    isMember(node, 'Date', 'now') ||
    (ts.isNewExpression(node) && isCallOf(node, 'Date') && (node.arguments?.length ?? 0) === 0) ||
    isMember(node, 'Math', 'random') ||
    ['process', 'performance', 'globalThis', 'console'].some((name) => isMember(node, name)) ||
    isCallOf(node, 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'require') ||
    (ts.isIdentifier(node) &&
      /^(randomBytes|randomUUID|randomInt|getRandomValues|scryptSync)$/.test(node.text))
  assert.deepEqual(places(leaves, impure), [])
})

test('Math.random decides nothing anywhere', () => {
  assert.deepEqual(
    places(shipped, (node) => isMember(node, 'Math', 'random')),
    [],
  )
})

test('no code is made from text', () => {
  assert.deepEqual(
    places(allSources(), (node) => isCallOf(node, 'eval', 'Function')),
    [],
  )
})

test('nothing can switch the verification of TLS certificates off', () => {
  const on = (node: ts.Node): boolean =>
    ts.isPropertyAssignment(node) && node.initializer.kind === ts.SyntaxKind.TrueKeyword
  const off = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.text === 'rejectUnauthorized' && !on(node.parent)) ||
    (ts.isStringLiteralLike(node) && node.text.includes('NODE_TLS_REJECT_UNAUTHORIZED'))
  assert.deepEqual(places(shipped, off), [])
})

test('the Sanitised brand is minted in restore/sanitise.ts and nowhere else', () => {
  const minted = (node: ts.Node): boolean =>
    ts.isAsExpression(node) &&
    ts.isTypeReferenceNode(node.type) &&
    ts.isIdentifier(node.type.typeName) &&
    node.type.typeName.text === 'Sanitised'
  assert.deepEqual(places(shipped, minted, /^restore\/sanitise\.ts$/), [])
})

test('no type is asserted through unknown or any', () => {
  const laundered = (node: ts.Node): boolean =>
    ts.isAsExpression(node) &&
    ts.isAsExpression(node.expression) &&
    [ts.SyntaxKind.UnknownKeyword, ts.SyntaxKind.AnyKeyword].includes(node.expression.type.kind)
  assert.deepEqual(places(shipped, laundered), [])
})

test('no test is left alone in its file by .only, and none is skipped without a condition', () => {
  const marked = (node: ts.Node): boolean =>
    ['test', 'it', 'describe', 'suite'].some(
      (name) => isMember(node, name, 'only') || isMember(node, name, 'skip') || isMember(node, name, 'todo'),
    )
  assert.deepEqual(
    places(
      allSources().filter(({ path }) => path.startsWith('test/')),
      marked,
    ),
    [],
  )
})
