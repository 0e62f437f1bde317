/** One suite for every `LocalModel`: what the pipeline may rely on whichever engine answers. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createHttpModel } from '../../proxy/local/http.ts'
import { createLlamaModel, LocalModelError } from '../../proxy/local/index.ts'
import type { LocalModel, WireObject } from '../../proxy/ports.ts'
import { startScriptedServer } from '../support/scripted-openai-server.ts'
import { writeTinyGguf } from '../support/tiny-gguf.ts'

const REPLY = '{"found": ["one", "two"], "note": "Hello from the model"}'
const SCHEMA = {
  type: 'object',
  properties: { found: { type: 'array', items: { type: 'string' } }, note: { type: 'string' } },
  required: ['found', 'note'],
  additionalProperties: false,
}
const MESSAGES = [
  { role: 'system', content: 'You help.' },
  { role: 'user', content: [{ type: 'text', text: 'Say it.' }] },
]

interface Member {
  readonly model: LocalModel
  readonly end: () => Promise<void>
}

async function startLlama(isolation: 'process' | 'none'): Promise<Member> {
  const dir = await mkdtemp(join(tmpdir(), 'cloakroom-conformance-'))
  const modelPath = join(dir, 'model.gguf')
  const { sha256 } = await writeTinyGguf(modelPath, { kind: 'fixed-reply', reply: REPLY })
  const model = await createLlamaModel({ modelPath, sha256, name: 'member', threads: 1, isolation })
  return { model, end: () => rm(dir, { recursive: true, force: true }) }
}

const MEMBERS: Readonly<Record<string, () => Promise<Member>>> = {
  llama: () => startLlama('none'),
  'llama in a process': () => startLlama('process'),
  openai: async () => {
    const server = await startScriptedServer(({ body }) =>
      JSON.stringify(body.messages ?? []).length > 2_000
        ? { kind: 'status', status: 400, error: { code: 'context_length_exceeded', message: 'too long' } }
        : { kind: 'reply', text: REPLY },
    )
    const model = createHttpModel({ baseUrl: server.baseUrl, model: 'member' })
    await model.probe()
    return { model, end: () => server.stop() }
  },
}

const NEVER = new AbortController().signal

async function collect(model: LocalModel, request: WireObject): Promise<readonly WireObject[]> {
  const chunks: WireObject[] = []
  for await (const chunk of model.chatStream(request, NEVER)) chunks.push(chunk)
  return chunks
}

interface Choice {
  readonly index: number
  readonly message?: { readonly content: string | null }
  readonly delta?: { readonly role?: string; readonly content?: string }
  readonly finish_reason: string | null
}

function choicesOf(answer: WireObject): readonly Choice[] {
  assert.ok(Array.isArray(answer.choices))
  return answer.choices
}

function textOf(chunks: readonly WireObject[], index: number): string {
  const choices = chunks.flatMap(choicesOf).filter((choice) => choice.index === index)
  return choices.map((choice) => choice.delta?.content ?? '').join('')
}

function isError(code: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof LocalModelError, `expected a LocalModelError, got ${String(error)}`)
    assert.equal(error.code, code)
    return true
  }
}

for (const [engine, start] of Object.entries(MEMBERS)) {
  describe(`a local model of engine ${engine}`, () => {
    let member: Member
    let model: LocalModel
    before(async () => {
      member = await start()
      model = member.model
    })
    after(async () => {
      await model.close()
      await member.end()
    })

    it('is up, and says which engine it is', () => {
      assert.equal(model.status(), 'ok')
      assert.ok(engine.startsWith(model.engine))
    })

    it('answers whole, in the shape of a chat completion', async () => {
      const answer = await model.chat({ model: 'wish', messages: MESSAGES }, NEVER)
      assert.equal(answer.object, 'chat.completion')
      assert.equal(answer.model, 'member')
      assert.equal(typeof answer.id, 'string')
      assert.ok(Number.isInteger(answer.created))
      assert.equal(choicesOf(answer)[0]?.message?.content, REPLY)
      assert.equal(choicesOf(answer)[0]?.finish_reason, 'stop')
      const usage = answer.usage as Record<string, number>
      assert.equal(usage.total_tokens, (usage.prompt_tokens ?? 0) + (usage.completion_tokens ?? 0))
      assert.ok((usage.completion_tokens ?? 0) > 0)
    })

    it('streams what it answers whole', async () => {
      const chunks = await collect(model, { messages: MESSAGES, stream: true })
      assert.equal(textOf(chunks, 0), REPLY)
      assert.equal(choicesOf(chunks[0] ?? {})[0]?.delta?.role, 'assistant')
      assert.equal(choicesOf(chunks.at(-1) ?? {})[0]?.finish_reason, 'stop')
      assert.equal(new Set(chunks.map((chunk) => chunk.id)).size, 1)
      assert.ok(chunks.every((chunk) => chunk.object === 'chat.completion.chunk' && chunk.model === 'member'))
    })

    it('gives the usage in a last chunk without choices when it is asked for', async () => {
      const chunks = await collect(model, { messages: MESSAGES, stream_options: { include_usage: true } })
      const last = chunks.at(-1) ?? {}
      assert.deepEqual(last.choices, [])
      assert.ok((last.usage as { completion_tokens: number }).completion_tokens > 0)
    })

    it('ends with length at max_tokens', async () => {
      const answer = await model.chat({ messages: MESSAGES, max_tokens: 2 }, NEVER)
      assert.equal(choicesOf(answer)[0]?.finish_reason, 'length')
      const text = choicesOf(answer)[0]?.message?.content ?? ''
      assert.ok(text !== '' && text !== REPLY && REPLY.startsWith(text))
    })

    it('gives n answers, each with its index', async () => {
      const answer = await model.chat({ messages: MESSAGES, n: 2 }, NEVER)
      assert.deepEqual(
        choicesOf(answer).map((choice) => [choice.index, choice.message?.content]),
        [
          [0, REPLY],
          [1, REPLY],
        ],
      )
      const chunks = await collect(model, { messages: MESSAGES, n: 2 })
      assert.deepEqual([textOf(chunks, 0), textOf(chunks, 1)], [REPLY, REPLY])
    })

    it('answers a question with JSON that keeps to the schema', async () => {
      const text = await model.ask({ system: 's', user: 'u', schema: SCHEMA, maxTokens: 100 }, NEVER)
      const parsed: { found: unknown; note: unknown } = JSON.parse(text)
      assert.ok(Array.isArray(parsed.found))
      assert.equal(typeof parsed.note, 'string')
    })

    it('rejects a question whose JSON was cut off', async () => {
      const asked = model.ask({ system: 's', user: 'u', schema: SCHEMA, maxTokens: 2 }, NEVER)
      await assert.rejects(asked, isError('failed'))
    })

    it('refuses a prompt that is longer than its context', async () => {
      const request = { messages: [{ role: 'user', content: 'long '.repeat(1_000) }] }
      await assert.rejects(model.chat(request, NEVER), isError('context_overflow'))
      await assert.rejects(collect(model, request), isError('context_overflow'))
    })

    it('rejects at once when the signal was aborted before', async () => {
      const aborted = AbortSignal.abort()
      await assert.rejects(model.chat({ messages: MESSAGES }, aborted), isError('aborted'))
      await assert.rejects(
        model.ask({ system: 's', user: 'u', schema: SCHEMA, maxTokens: 9 }, aborted),
        isError('aborted'),
      )
      const stream = model.chatStream({ messages: MESSAGES }, aborted)
      await assert.rejects(stream[Symbol.asyncIterator]().next(), isError('aborted'))
    })

    it('answers the next request after one was left in the middle', async () => {
      for await (const _ of model.chatStream({ messages: MESSAGES }, NEVER)) break
      const answer = await model.chat({ messages: MESSAGES }, NEVER)
      assert.equal(choicesOf(answer)[0]?.message?.content, REPLY)
    })

    it('keeps parallel answers apart', async () => {
      const requests = Array.from({ length: 8 }, () => collect(model, { messages: MESSAGES }))
      for (const chunks of await Promise.all(requests)) assert.equal(textOf(chunks, 0), REPLY)
    })

    it('never puts a piece of the request into an error', async () => {
      const secret = 'zebra-canary-7'
      const request = { messages: [{ role: 'user', content: `${secret} `.repeat(800) }] }
      const error: unknown = await model.chat(request, NEVER).catch((thrown: unknown) => thrown)
      assert.ok(error instanceof LocalModelError)
      assert.ok(!`${error.message}${error.stack ?? ''}${String(error.cause)}`.includes(secret))
    })

    it('is down once closed, and says so to whoever asks', async () => {
      await model.close()
      assert.equal(model.status(), 'down')
      await assert.rejects(model.chat({ messages: MESSAGES }, NEVER), LocalModelError)
    })
  })
}
