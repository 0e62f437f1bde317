/** Several servers behind one model: who is asked, and what happens when one goes. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { createBreaker } from '../../proxy/local/breaker.ts'
import { createHttpModel, type HttpModel } from '../../proxy/local/http.ts'
import { createReplicas } from '../../proxy/local/http-replicas.ts'
import { createLocalModel } from '../../proxy/local/index.ts'
import {
  type Behaviour,
  type ScriptedServer,
  startScriptedServer,
} from '../support/scripted-openai-server.ts'

const NEVER = new AbortController().signal
const REQUEST = { model: 'x', messages: [{ role: 'user', content: 'Hello' }] }
const says = (text: string): Behaviour => ({ kind: 'reply', text })

let servers: ScriptedServer[]
let model: HttpModel
let now = 1_000_000

before(async () => {
  servers = await Promise.all(['one', 'two', 'three'].map((name) => startScriptedServer(says(name))))
  model = createReplicas(
    servers.map(({ baseUrl }) => createHttpModel({ baseUrl, model: 'scripted' })),
    () => now,
  )
  await model.probe()
})
after(async () => {
  await model.close()
  await Promise.all(servers.map((server) => server.stop()))
})
beforeEach(async () => {
  now += 3_600_000
  for (const [i, name] of ['one', 'two', 'three'].entries()) {
    const server = servers[i]
    if (server !== undefined) server.behaviour = says(name)
  }
  await model.probe()
})

const textOf = (answer: unknown): string =>
  (answer as { choices: { message: { content: string } }[] }).choices[0]?.message.content ?? ''

async function streamed(): Promise<string> {
  let text = ''
  for await (const chunk of model.chatStream(REQUEST, NEVER)) {
    text += (chunk.choices as { delta: { content?: string } }[])[0]?.delta.content ?? ''
  }
  return text
}

describe('replicas', () => {
  it('share calls: the least busy one is asked', async () => {
    const opened = servers.map((server) => server.nextRequest())
    const streams = servers.map(() => model.chatStream(REQUEST, NEVER)[Symbol.asyncIterator]())
    const firsts = streams.map((stream) => stream.next())
    await Promise.all(opened)
    await Promise.all(firsts)
    await Promise.all(streams.map((stream) => stream.return?.()))
  })

  it('go on to another one when one breaks off, whole and streamed', async () => {
    for (const kind of ['reset', 'cut'] as const) {
      for (const server of servers.slice(0, 2))
        server.behaviour = kind === 'cut' ? { kind: 'status', status: 500 } : { kind }
      assert.equal(textOf(await model.chat(REQUEST, NEVER)), 'three', kind)
      assert.equal(await streamed(), 'three', kind)
      assert.equal(model.status(), 'ok')
    }
  })

  it('do not begin an answer anew when one breaks off half-way', async () => {
    for (const server of servers) server.behaviour = { kind: 'reset', afterChunks: 2 }
    await assert.rejects(streamed(), { name: 'LocalModelError' })
  })

  it('do not send elsewhere what the request itself is to blame for', async () => {
    const before = servers.map(({ requests }) => requests.length)
    for (const server of servers) server.behaviour = { kind: 'status', status: 400 }
    await assert.rejects(model.chat(REQUEST, NEVER), { code: 'unsupported' })
    const asked = servers.map(({ requests }, i) => requests.length - (before[i] ?? 0))
    assert.equal(
      asked.reduce((a, b) => a + b),
      1,
    )
  })

  it('leave a server alone that fails again and again, and try it later', async () => {
    const [one] = servers
    assert.ok(one)
    one.behaviour = { kind: 'reset' }
    for (let i = 0; i < 3; i++) await model.chat(REQUEST, NEVER)
    const failed = one.requests.length
    for (let i = 0; i < 5; i++) await model.chat(REQUEST, NEVER)
    assert.equal(one.requests.length, failed)
    one.behaviour = says('one')
    now += 60_000
    await model.probe()
    assert.equal(textOf(await model.chat(REQUEST, NEVER)), 'one')
  })

  it('that hang cost the requests that wait for them, and then one in a while', async () => {
    const hanging = await Promise.all(['a', 'b'].map((name) => startScriptedServer(says(name))))
    let time = 0
    const pair = createReplicas(
      hanging.map(({ baseUrl }) => createHttpModel({ baseUrl, model: 'scripted', timeoutMs: 100 })),
      () => time,
    )
    const [first, second] = hanging
    assert.ok(first && second)
    const chats = (): number => first.requests.filter(({ path }) => path.endsWith('/completions')).length
    first.behaviour = ({ path }) =>
      path.endsWith('/models') ? { kind: 'status', status: 404 } : { kind: 'hang' }
    for (let i = 0; i < 3; i++) {
      await pair.probe()
      await assert.rejects(pair.chat(REQUEST, NEVER), { code: 'timeout' })
    }
    await pair.probe()
    assert.equal(textOf(await pair.chat(REQUEST, NEVER)), 'b')
    time = 60_000
    const before = chats()
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => pair.chat(REQUEST, NEVER)))
    assert.equal(chats() - before, 1)
    assert.equal(results.filter(({ status }) => status === 'rejected').length, 1)
    await pair.close()
    await Promise.all(hanging.map((server) => server.stop()))
  })

  it('say when to come again where some of them are only busy, whole and streamed', async () => {
    for (const [i, behaviour] of (
      [
        { kind: 'status', status: 503, headers: { 'retry-after': '9' } },
        { kind: 'status', status: 429, headers: { 'retry-after': '4' } },
        { kind: 'status', status: 500 },
      ] as const
    ).entries()) {
      const server = servers[i]
      if (server !== undefined) server.behaviour = behaviour
    }
    const busy = { code: 'busy', retryAfterSeconds: 4 }
    await assert.rejects(model.chat(REQUEST, NEVER), busy)
    await assert.rejects(streamed(), busy)
  })

  it('are not blamed for a model that does not come to its end', async () => {
    for (const server of servers) server.behaviour = { kind: 'reply', text: '{"a":', finish: 'length' }
    const question = { system: 's', user: 'u', schema: { type: 'object' }, maxTokens: 4 }
    const before = servers.reduce((sum, { requests }) => sum + requests.length, 0)
    for (let i = 0; i < 4; i++) await assert.rejects(model.ask(question, NEVER), { reason: 'length' })
    assert.equal(servers.reduce((sum, { requests }) => sum + requests.length, 0) - before, 4)
    for (const server of servers) server.behaviour = says('fine')
    assert.equal(textOf(await model.chat(REQUEST, NEVER)), 'fine')
  })

  it('fail when all of them do, and say that they are down', async () => {
    for (const server of servers) await server.stop()
    await assert.rejects(model.chat(REQUEST, NEVER), { code: 'not_loaded' })
    await assert.rejects(streamed(), { code: 'not_loaded' })
    assert.equal(model.status(), 'down')
    for (const server of servers) await server.restart()
    await model.probe()
    assert.equal(model.status(), 'ok')
    assert.equal(await streamed(), 'one')
  })

  it('are what base_urls makes, with the first listed model where none is named', async () => {
    const configured = await createLocalModel({
      engine: 'openai',
      base_urls: servers.map(({ baseUrl }) => baseUrl),
      model: 'auto',
    })
    assert.equal(configured?.name, 'scripted')
    assert.equal(configured?.status(), 'ok')
    await configured?.close()
  })

  it('that are all away are no reason not to start, unless their model is to be found out', async () => {
    const config = {
      engine: 'openai',
      base_urls: ['http://127.0.0.1:1/v1', 'http://127.0.0.1:2/v1'],
    } as const
    const away = await createLocalModel({ ...config, model: 'named' })
    assert.equal(away?.status(), 'down')
    await away?.close()
    await assert.rejects(createLocalModel({ ...config, model: 'auto' }), { code: 'not_loaded' })
  })
})

describe('a circuit breaker', () => {
  it('opens after three failures in a row, for longer each time, and closes with a success', () => {
    const breaker = createBreaker()
    breaker.failed(0)
    breaker.failed(0)
    assert.ok(breaker.allows(0))
    breaker.failed(0)
    assert.ok(!breaker.allows(999))
    assert.ok(breaker.allows(1_000))
    breaker.failed(1_000)
    assert.ok(!breaker.allows(2_999))
    for (let i = 0; i < 40; i++) breaker.failed(3_000)
    assert.ok(breaker.allows(33_000))
    breaker.succeeded()
    assert.ok(breaker.allows(0))
  })

  it('lets one call try, and the next only after another pause', () => {
    const breaker = createBreaker()
    breaker.begun(0)
    assert.ok(breaker.allows(0))
    for (let i = 0; i < 3; i++) breaker.failed(0)
    breaker.begun(500)
    assert.ok(breaker.allows(1_000))
    breaker.begun(1_000)
    assert.ok(!breaker.allows(1_999))
    assert.ok(breaker.allows(2_000))
  })
})
