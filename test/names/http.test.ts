/** The client of a Presidio-compatible server, against servers on the loopback address that behave and misbehave. */
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createHttpNames, type HttpNamesOptions } from '../../proxy/names/http.ts'
import { readAnswer } from '../../proxy/names/http-answer.ts'
import type { NamesFound } from '../../proxy/ports.ts'

interface Asked {
  readonly path: string
  readonly authorization: string | undefined
  readonly body: { text: string; language: string; score_threshold: number }
}

type Serve = (asked: Asked, response: ServerResponse) => void

const NEVER = new AbortController().signal

/** Runs `work` against a server; gives what the server was asked. */
async function against(
  serve: Serve,
  work: (find: (texts: readonly string[], signal?: AbortSignal) => Promise<NamesFound>) => Promise<void>,
  options: Partial<HttpNamesOptions> = {},
): Promise<readonly Asked[]> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    void read(request).then((text) => {
      const one = {
        path: request.url ?? '',
        authorization: request.headers.authorization,
        body: JSON.parse(text),
      }
      asked.push(one)
      serve(one, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const engine = createHttpNames({
    url: `http://127.0.0.1:${port}/presidio/`,
    apiKey: null,
    languages: ['en'],
    minScore: 0.35,
    timeoutMs: 20_000,
    ...options,
  })
  try {
    await work((texts, signal = NEVER) => engine.find(texts, signal))
  } finally {
    await engine.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return asked
}

async function read(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces).toString('utf8')
}

/** Offsets as a Python server counts them: code points. */
const findAnn: Serve = ({ body }, response) => {
  const points = [...body.text]
  const found = points.flatMap((_, at) =>
    points.slice(at, at + 3).join('') === 'Ann'
      ? [{ entity_type: 'PERSON', start: at, end: at + 3, score: 0.85, analysis_explanation: null }]
      : [],
  )
  response.setHeader('content-type', 'application/json').end(JSON.stringify(found))
}

function values(found: NamesFound, texts: readonly string[]): readonly (readonly string[])[] {
  assert.equal(found.status, 'ok')
  return found.findings.map((list, n) =>
    list.map(({ entity, span }) => `${entity}:${texts[n]?.slice(span.start, span.end)}`),
  )
}

test('entities come back at their places, behind characters of two units too', async () => {
  const texts = ['Ask Ann.', '😀😀 Ann and Ann', 'nobody here', '\ud800 Ann']
  const asked = await against(findAnn, async (find) => {
    assert.deepEqual(values(await find(texts), texts), [
      ['PERSON:Ann'],
      ['PERSON:Ann', 'PERSON:Ann'],
      [],
      ['PERSON:Ann'],
    ])
  })
  assert.deepEqual(new Set(asked.map(({ path }) => path)), new Set(['/presidio/analyze']))
  assert.deepEqual(asked[0]?.body, { text: 'Ask Ann.', language: 'en', score_threshold: 0.35 })
  assert.equal(asked[0]?.authorization, undefined)
})

test('a long text is asked about in windows, every language in turn, with the token', async () => {
  const text = `${'filler '.repeat(3000)}Ann${' filler'.repeat(3000)}`
  const asked = await against(
    findAnn,
    async (find) => {
      const [found = []] = values(await find([text]), [text])
      assert.ok(found.length > 0 && found.every((value) => value === 'PERSON:Ann'))
    },
    { languages: ['en', 'de'], apiKey: 'secret' },
  )
  assert.deepEqual([...new Set(asked.map(({ body }) => body.language))].sort(), ['de', 'en'])
  assert.ok(asked.length > 6)
  assert.ok(asked.every(({ body }) => body.text.length <= 10_000))
  assert.ok(asked.every(({ authorization }) => authorization === 'Bearer secret'))
})

const BAD: readonly { readonly name: string; readonly serve: Serve }[] = [
  { name: 'an error', serve: (_, response) => response.writeHead(500).end('{"error":"no"}') },
  { name: 'a redirect', serve: (_, response) => response.writeHead(307, { location: '/analyze' }).end() },
  { name: 'no JSON', serve: (_, response) => response.end('<html>') },
  { name: 'no list', serve: (_, response) => response.end('{"entities":[]}') },
  {
    name: 'offsets outside the text',
    serve: (_, response) => response.end('[{"entity_type":"PERSON","start":1,"end":99,"score":1}]'),
  },
  {
    name: 'offsets that are no numbers',
    serve: (_, response) => response.end('[{"entity_type":"PERSON","start":"1","end":2,"score":1}]'),
  },
  {
    name: 'a broken connection',
    serve: (_, response) => {
      response.write('[{')
      response.destroy()
    },
  },
  { name: 'an answer without end', serve: (_, response) => response.end(' '.repeat(5 * 1024 * 1024)) },
]

for (const { name, serve } of BAD) {
  test(`${name} is a layer that is down, for all texts`, async () => {
    await against(serve, async (find) => {
      assert.deepEqual(await find(['Ask Ann.', 'Ask Bob.']), { status: 'down' })
    })
  })
}

test('a server that is silent is a timeout, and one that is away is down', async () => {
  await against(
    () => undefined,
    async (find) => assert.deepEqual(await find(['Ask Ann.']), { status: 'timeout' }),
    { timeoutMs: 100 },
  )
  const engine = createHttpNames({
    url: 'http://127.0.0.1:9',
    apiKey: null,
    languages: ['en'],
    minScore: 0,
    timeoutMs: 20_000,
  })
  assert.equal(engine.status(), 'ok')
  assert.deepEqual(await engine.find(['Ann'], NEVER), { status: 'down' })
  assert.equal(engine.status(), 'down')
  await engine.close()
})

test('an abort ends the questions and says nothing about the server', async () => {
  const caller = new AbortController()
  await against(
    () => caller.abort(),
    async (find) => assert.deepEqual(await find(['Ask Ann.'], caller.signal), { status: 'down' }),
  )
})

test('what an answer may say: known names become types, unknown ones MISC, harmless ones nothing', () => {
  const answer = [
    'ORGANIZATION',
    'EMAIL_ADDRESS',
    'GPE',
    'US_SSN',
    'SOMETHING_NEW',
    'CARDINAL',
    'FIRSTNAME',
  ].map((entity_type, n) => ({ entity_type, start: n, end: n + 1 }))
  const found = readAnswer(JSON.stringify(answer), 'abcdefgh')
  assert.deepEqual(
    found?.map(({ entity }) => entity),
    ['ORG', 'EMAIL', 'LOCATION', 'US_SSN', 'MISC', 'PERSON'],
  )
})
