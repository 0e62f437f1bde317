/** The `openai` engine against servers that are slow, broken, lying or gone. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { createHttpModel, type HttpModel } from '../../proxy/local/http.ts'
import { createLocalModel, LocalModelError } from '../../proxy/local/index.ts'
import type { WireObject } from '../../proxy/ports.ts'
import {
  type Behaviour,
  type ScriptedServer,
  startScriptedServer,
} from '../support/scripted-openai-server.ts'

const NEVER = new AbortController().signal
const SECRET = 'quokka-canary-9'
const REQUEST = { model: 'wish', messages: [{ role: 'user', content: SECRET }] }
const GOOD: Behaviour = { kind: 'reply', text: 'Fine thanks to you' }

function isError(code: string, reason?: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof LocalModelError, String(error))
    assert.equal(error.code, code)
    if (reason !== undefined) assert.equal(error.reason, reason)
    assert.ok(
      !`${error.stack} ${String(error.cause)}`.includes(SECRET),
      'the error carries text of the request',
    )
    return true
  }
}

async function drain(stream: AsyncIterable<WireObject>): Promise<number> {
  let chunks = 0
  for await (const _ of stream) chunks += 1
  return chunks
}

describe('the openai engine', () => {
  let server: ScriptedServer
  let model: HttpModel
  before(async () => {
    server = await startScriptedServer(GOOD)
    model = createHttpModel({
      baseUrl: `${server.baseUrl}/`,
      model: 'scripted',
      apiKey: 'local-key',
      timeoutMs: 400,
    })
    await model.probe()
  })
  beforeEach(() => {
    server.behaviour = GOOD
  })
  after(async () => {
    await model.close()
    await server.stop()
  })

  it('sends our own headers, our model name, and no field that identifies anybody', async () => {
    process.env.OPENAI_CUSTOM_HEADERS = 'x-leak: yes'
    process.env.HTTP_PROXY = 'http://127.0.0.1:1'
    const fresh = createHttpModel({ baseUrl: server.baseUrl, model: 'scripted', apiKey: 'local-key' })
    try {
      await fresh.chat({ ...REQUEST, user: 'u-1', metadata: { a: 'b' }, temperature: 0.5 }, NEVER)
    } finally {
      delete process.env.OPENAI_CUSTOM_HEADERS
      delete process.env.HTTP_PROXY
      await fresh.close()
    }
    const seen = server.requests.at(-1)
    assert.equal(seen?.path, '/v1/chat/completions')
    const { 'content-length': _, ...headers } = seen?.headers ?? {}
    assert.deepEqual(headers, {
      host: new URL(server.baseUrl).host,
      connection: 'keep-alive',
      accept: 'application/json, text/event-stream',
      'user-agent': 'cloakroom',
      'content-type': 'application/json',
      authorization: 'Bearer local-key',
    })
    assert.deepEqual(seen?.body, {
      model: 'scripted',
      messages: REQUEST.messages,
      temperature: 0.5,
      stream: false,
    })
  })

  type Case = readonly [name: string, behaviour: Behaviour, code: string, reason?: string]
  const BOTH: readonly Case[] = [
    [
      'a redirect',
      { kind: 'redirect', location: 'http://127.0.0.1:1/v1/chat/completions' },
      'failed',
      'redirect',
    ],
    ['a server that never answers', { kind: 'hang' }, 'timeout'],
    ['a reset connection', { kind: 'reset' }, 'failed', 'bad_answer'],
    ['a page of HTML', { kind: 'raw', mediaType: 'text/html', body: '<p>hello' }, 'failed', 'bad_answer'],
    [
      'a stream full of garbage',
      { kind: 'raw', mediaType: 'text/event-stream', body: `data: {oops ${SECRET}\n\n` },
      'failed',
      'bad_answer',
    ],
    [
      'JSON that is not JSON',
      { kind: 'raw', mediaType: 'application/json', body: `{"choices": [${SECRET}` },
      'failed',
      'bad_answer',
    ],
    [
      'JSON without choices',
      { kind: 'raw', mediaType: 'application/json', body: '{"ok": true}' },
      'failed',
      'bad_answer',
    ],
    ['an empty body', { kind: 'raw', mediaType: 'application/json', body: '' }, 'failed', 'bad_answer'],
    ['a key that is refused', { kind: 'status', status: 401 }, 'not_loaded', 'status'],
    ['an unknown model', { kind: 'status', status: 404 }, 'not_loaded', 'status'],
    [
      'a request that is refused',
      { kind: 'status', status: 422, error: { message: SECRET } },
      'unsupported',
      'status',
    ],
    ['too many requests', { kind: 'status', status: 429 }, 'busy', 'status'],
    ['a model that is loading', { kind: 'status', status: 503 }, 'busy', 'status'],
    [
      'an error of the server',
      { kind: 'status', status: 500, error: { message: SECRET } },
      'failed',
      'status',
    ],
    [
      "an overlong prompt, by OpenAI's code",
      { kind: 'status', status: 400, error: { code: 'context_length_exceeded' } },
      'context_overflow',
    ],
    [
      "an overlong prompt, by llama-server's type",
      { kind: 'status', status: 400, error: { type: 'exceed_context_size_error' } },
      'context_overflow',
    ],
    [
      "an overlong prompt, in vLLM's words",
      {
        kind: 'status',
        status: 400,
        error: { message: "This model's maximum context length is 512 tokens" },
      },
      'context_overflow',
    ],
  ]
  for (const [name, behaviour, code, reason] of BOTH) {
    it(`reports ${name} as ${code}, whole and streamed`, async () => {
      server.behaviour = behaviour
      await assert.rejects(model.chat(REQUEST, NEVER), isError(code, reason))
      await assert.rejects(drain(model.chatStream(REQUEST, NEVER)), isError(code, reason))
      server.behaviour = GOOD
      await model.chat(REQUEST, NEVER)
      assert.equal(model.status(), 'ok')
    })
  }

  const MIDWAY: readonly Case[] = [
    ['goes silent', { kind: 'hang', afterChunks: 3 }, 'timeout'],
    ['breaks', { kind: 'reset', afterChunks: 3 }, 'failed', 'bad_answer'],
    ['ends without an end', { kind: 'cut' }, 'failed', 'bad_answer'],
  ]
  for (const [name, behaviour, code, reason] of MIDWAY) {
    it(`gives what came before a stream ${name}, then reports ${code}`, async () => {
      server.behaviour = behaviour
      const stream = model.chatStream(REQUEST, NEVER)[Symbol.asyncIterator]()
      for (let i = 0; i < 3; i++) assert.equal((await stream.next()).done, false)
      await assert.rejects(
        async () => {
          while ((await stream.next()).done !== true);
        },
        isError(code, reason),
      )
    })
  }

  it('passes on when to come again, in seconds or as a date', async () => {
    const date = 'Sat, 28 Nov 2026 10:00:00 GMT'
    const rows: readonly (readonly [said: string | null, seconds: number | null])[] = [
      ['7', 7],
      ['Sat, 28 Nov 2026 10:00:30 GMT', 30],
      ['999999', 3_600],
      ['0', null],
      ['Sat, 28 Nov 2026 09:00:00 GMT', null],
      [SECRET, null],
      [null, null],
    ]
    for (const [said, seconds] of rows) {
      const headers = said === null ? { date } : { date, 'retry-after': said }
      server.behaviour = { kind: 'status', status: 503, headers }
      for (const call of [() => model.chat(REQUEST, NEVER), () => drain(model.chatStream(REQUEST, NEVER))]) {
        await assert.rejects(call, (error) => {
          assert.ok(error instanceof LocalModelError)
          assert.deepEqual([error.code, error.retryAfterSeconds], ['busy', seconds], String(said))
          return true
        })
      }
    }
  })

  it('reads events however many blank lines stand between them', async () => {
    const event = (delta: object, finish: string | null): string =>
      `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}`
    const events = [event({ content: 'a' }, null), event({ content: 'b' }, null), event({}, 'stop')]
    for (const gap of ['\n\n', '\r\n\r\n', '\n'.repeat(200_000), '\r\n'.repeat(3), '\n\n: hold on\n\n']) {
      const body = `${events.join(gap)}${gap}data: [DONE]${gap}`
      server.behaviour = { kind: 'raw', mediaType: 'text/event-stream; charset=utf-8', body }
      let text = ''
      for await (const { choices } of model.chatStream(REQUEST, NEVER)) {
        text += (choices as { delta: { content?: string } }[])[0]?.delta.content ?? ''
      }
      assert.equal(text, 'ab')
    }
  })

  it('takes nothing but a stream for a stream, without reading it', async () => {
    for (const mediaType of ['text/html', 'application/json', '']) {
      server.behaviour = { kind: 'raw', mediaType, body: `${'x'.repeat(20_000_000)}` }
      const closed = server.nextClose()
      await assert.rejects(drain(model.chatStream(REQUEST, NEVER)), isError('failed', 'bad_answer'))
      await closed
    }
  })

  it('refuses an answer and an event beyond its bounds', async () => {
    const small = createHttpModel({ baseUrl: server.baseUrl, model: 'scripted', maxBytes: 10_000 })
    try {
      const body = JSON.stringify({ choices: [{ message: { content: 'x'.repeat(20_000) } }] })
      server.behaviour = { kind: 'raw', mediaType: 'application/json', body }
      await assert.rejects(small.chat(REQUEST, NEVER), isError('failed', 'too_large'))
      server.behaviour = {
        kind: 'raw',
        mediaType: 'text/event-stream',
        body: `data: ${'x'.repeat(3_000_000)}`,
      }
      await assert.rejects(drain(model.chatStream(REQUEST, NEVER)), isError('failed', 'too_large'))
    } finally {
      await small.close()
    }
  })

  it('closes the connection when a stream is aborted, and when its reader leaves', async () => {
    for (const leave of ['abort', 'return'] as const) {
      server.behaviour = { kind: 'hang', afterChunks: 2 }
      const fresh = createHttpModel({ baseUrl: server.baseUrl, model: 'scripted' })
      const abort = new AbortController()
      const stream = fresh.chatStream(REQUEST, abort.signal)[Symbol.asyncIterator]()
      const request = server.nextRequest()
      await stream.next()
      await request
      const closed = server.nextClose()
      if (leave === 'return') await stream.return?.()
      else {
        const waiting = stream.next().then(() => stream.next())
        abort.abort()
        await assert.rejects(waiting, isError('aborted'))
      }
      await closed
      await fresh.close()
    }
  })

  it('answers a waiting call as soon as it is aborted', async () => {
    server.behaviour = { kind: 'hang' }
    const abort = new AbortController()
    const call = model.chat(REQUEST, abort.signal)
    await server.nextRequest()
    abort.abort()
    await assert.rejects(call, isError('aborted'))
  })

  it('asks with a JSON schema, and in JSON mode where the server knows no schemas', async () => {
    const question = { system: 'List.', user: SECRET, schema: { type: 'object' }, maxTokens: 50 }
    server.behaviour = ({ body }) =>
      body.response_format?.type === 'json_schema'
        ? { kind: 'status', status: 400 }
        : { kind: 'reply', text: '{"a":1}' }
    const fresh = createHttpModel({ baseUrl: server.baseUrl, model: 'scripted' })
    try {
      assert.equal(await fresh.ask(question, NEVER), '{"a":1}')
      const before = server.requests.length
      assert.equal(await fresh.ask(question, NEVER), '{"a":1}')
      assert.equal(server.requests.length, before + 1, 'the refusal was not remembered')
    } finally {
      await fresh.close()
    }
    server.behaviour = { kind: 'reply', text: 'no JSON at all' }
    await assert.rejects(model.ask(question, NEVER), isError('failed', 'not_json'))
    const sent = server.requests.at(-1)?.body as { readonly temperature?: number }
    assert.equal(sent.temperature, 0)
  })

  it('is down when the server is gone, and up by itself when it is back', async () => {
    const fresh = createHttpModel({ baseUrl: server.baseUrl, model: 'scripted' })
    await fresh.probe()
    assert.equal(fresh.status(), 'ok')
    await server.stop()
    try {
      await assert.rejects(fresh.chat(REQUEST, NEVER), isError('not_loaded', 'unreachable'))
      assert.equal(fresh.status(), 'down')
      await fresh.probe()
      assert.equal(fresh.status(), 'down')
    } finally {
      await server.restart()
    }
    await fresh.probe()
    assert.equal(fresh.status(), 'ok')
    await fresh.close()
  })

  it('is down while the server answers its probe with an error', async () => {
    server.behaviour = { kind: 'status', status: 500 }
    await model.probe()
    assert.equal(model.status(), 'down')
    server.behaviour = { kind: 'status', status: 404 }
    await model.probe()
    assert.equal(model.status(), 'ok')
    for (const [mediaType, body] of [
      ['text/html', '<p>Welcome</p>'],
      ['application/json', '"ok"'],
    ] as const) {
      server.behaviour = { kind: 'raw', mediaType, body }
      await model.probe()
      assert.equal(model.status(), 'down', body)
    }
    server.behaviour = GOOD
    await model.probe()
    assert.equal(model.status(), 'ok')
  })

  it('probes in the background until it is closed', async () => {
    const fresh = createHttpModel({ baseUrl: server.baseUrl, model: 'scripted' })
    assert.equal(fresh.status(), 'down')
    const first = server.nextRequest()
    fresh.startProbing(1)
    assert.equal((await first).path, '/v1/models')
    await server.nextRequest()
    await fresh.close()
    assert.equal(fresh.status(), 'down')
  })

  it('refuses more calls than may wait', async () => {
    server.behaviour = { kind: 'hang' }
    const narrow = createHttpModel({ baseUrl: server.baseUrl, model: 'm', connections: 1, queueLimit: 1 })
    const calls = [0, 1, 2].map(() => narrow.chat(REQUEST, NEVER))
    const results = Promise.allSettled(calls)
    await assert.rejects(calls[2] ?? Promise.resolve(), isError('busy', 'queue_full'))
    await narrow.close()
    assert.deepEqual(
      (await results).map((result) => result.status),
      ['rejected', 'rejected', 'rejected'],
    )
  })
})

describe('choosing an engine', () => {
  it('gives none for none', async () => {
    assert.equal(await createLocalModel({ engine: 'none' }), null)
  })

  it('names the missing setting', async () => {
    await assert.rejects(createLocalModel({ engine: 'llama' }), /local\.model_path/u)
    await assert.rejects(createLocalModel({ engine: 'openai', model: 'm' }), /local\.base_url/u)
    await assert.rejects(
      createLocalModel({ engine: 'openai', base_url: 'http://127.0.0.1:1/v1' }),
      /local\.model/u,
    )
    assert.throws(() => createHttpModel({ baseUrl: 'ftp://127.0.0.1/v1', model: 'm' }), LocalModelError)
  })

  it('starts with a server that is away, and says that it is down', async () => {
    const model = await createLocalModel({ engine: 'openai', base_url: 'http://127.0.0.1:1/v1', model: 'm' })
    assert.equal(model?.status(), 'down')
    await model?.close()
  })
})
