/** The `openai` engine with vLLM, Ollama and llama-server, each written as it really answers. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createHttpModel, type HttpModel } from '../../proxy/local/http.ts'
import { createLocalModel, LocalModelError } from '../../proxy/local/index.ts'
import type { WireObject } from '../../proxy/ports.ts'
import { failing, type Mishap, MODEL_SERVERS, serving } from '../support/model-servers.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-openai-server.ts'

const NEVER = new AbortController().signal
const ASKED = { model: 'wish', messages: [{ role: 'user', content: 'Who is there?' }] }
const TEXT = 'Nobody but us two.'

interface Choice {
  readonly index: number
  readonly message?: { readonly content: string | null; readonly tool_calls?: readonly Call[] }
  readonly delta?: { readonly content?: string | null; readonly tool_calls?: readonly Call[] }
  readonly finish_reason: string | null
}

interface Call {
  readonly function: { readonly name: string; readonly arguments: string }
}

const choicesOf = (answer: WireObject): readonly Choice[] => answer.choices as readonly Choice[]

async function collect(stream: AsyncIterable<WireObject>): Promise<readonly WireObject[]> {
  const chunks: WireObject[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}

/** What each mishap is to whoever called. */
const MEANING: Readonly<Record<Mishap, string>> = {
  overflow: 'context_overflow',
  'unknown model': 'not_loaded',
  'wrong key': 'not_loaded',
  busy: 'busy',
  loading: 'busy',
  broken: 'failed',
  'no tools': 'unsupported',
  'no schema': 'unsupported',
}

for (const [name, shape] of Object.entries(MODEL_SERVERS)) {
  describe(`the openai engine with ${name}`, () => {
    let server: ScriptedServer
    let model: HttpModel
    before(async () => {
      server = await startScriptedServer(serving(shape, { text: TEXT }))
      model = createHttpModel({ baseUrl: server.baseUrl, model: shape.model })
      await model.probe()
    })
    after(async () => {
      await model.close()
      await server.stop()
    })

    it('finds its model, and says where there is none', async () => {
      server.behaviour = serving(shape, { text: TEXT })
      const found = await createLocalModel({ engine: 'openai', base_url: server.baseUrl, model: 'auto' })
      assert.equal(found?.name, shape.model)
      assert.equal(found?.status(), 'ok')
      await found?.close()
      server.behaviour = { kind: 'raw', mediaType: 'application/json', body: JSON.stringify(shape.noModels) }
      await assert.rejects(
        createLocalModel({ engine: 'openai', base_url: server.baseUrl, model: 'auto' }),
        /lists no model: name one as local\.model/u,
      )
    })

    it('answers whole and streamed, with its usage', async () => {
      server.behaviour = serving(shape, { text: TEXT, thoughts: 'They ask who. I count.' })
      const answer = await model.chat(ASKED, NEVER)
      assert.equal(choicesOf(answer)[0]?.message?.content, TEXT)
      assert.equal((answer.usage as { total_tokens: number }).total_tokens, 16)
      const chunks = await collect(
        model.chatStream({ ...ASKED, stream_options: { include_usage: true } }, NEVER),
      )
      const choices = chunks.flatMap(choicesOf)
      assert.equal(choices.map(({ delta }) => delta?.content ?? '').join(''), TEXT)
      assert.equal(choices.at(-1)?.finish_reason, 'stop')
      assert.equal((chunks.at(-1)?.usage as { total_tokens: number } | undefined)?.total_tokens, 16)
      assert.equal(model.status(), 'ok')
    })

    it('calls tools, whole and streamed', async () => {
      const call = { name: 'find_file', arguments: '{"path":"a.txt"}' }
      server.behaviour = serving(shape, { call })
      const tools = [{ type: 'function', function: { name: 'find_file', parameters: { type: 'object' } } }]
      const answer = await model.chat({ ...ASKED, tools }, NEVER)
      assert.deepEqual(choicesOf(answer)[0]?.message?.tool_calls?.[0]?.function, call)
      assert.equal(choicesOf(answer)[0]?.finish_reason, 'tool_calls')
      const chunks = await collect(model.chatStream({ ...ASKED, tools }, NEVER))
      const calls = chunks.flatMap(choicesOf).flatMap(({ delta }) => delta?.tool_calls ?? [])
      assert.deepEqual(calls[0]?.function, call)
    })

    it('is asked for JSON of a schema, or for JSON where it refuses schemas', async () => {
      const schema = { type: 'object', properties: { found: { type: 'array' } } }
      const refusal = shape.errors['no schema']
      const obey = serving(shape, { text: '{"found":[]}' })
      server.behaviour = (request) =>
        refusal !== undefined && request.body.response_format?.type === 'json_schema'
          ? failing(shape, 'no schema')(request)
          : obey(request)
      const fresh = createHttpModel({ baseUrl: server.baseUrl, model: shape.model })
      const question = { system: 'List.', user: 'x', schema, maxTokens: 50 }
      assert.equal(await fresh.ask(question, NEVER), '{"found":[]}')
      const asked = server.requests
        .slice(refusal === undefined ? -1 : -2)
        .map(({ body }) => body.response_format)
      assert.deepEqual(asked[0]?.json_schema?.schema, schema)
      if (refusal !== undefined) assert.equal(asked[1]?.type, 'json_object')
      await fresh.close()
    })

    it('does not take thoughts for an answer in JSON', async () => {
      server.behaviour = serving(shape, { thoughts: '{"found":[]}' })
      const question = { system: 'List.', user: 'x', schema: { type: 'object' }, maxTokens: 50 }
      await assert.rejects(model.ask(question, NEVER), { code: 'failed' })
    })

    for (const mishap of Object.keys(shape.errors) as Mishap[]) {
      it(`says ${MEANING[mishap]} of "${mishap}"`, async () => {
        server.behaviour = failing(shape, mishap)
        for (const call of [() => model.chat(ASKED, NEVER), () => collect(model.chatStream(ASKED, NEVER))]) {
          await assert.rejects(call(), (error) => {
            assert.ok(error instanceof LocalModelError)
            assert.equal(error.code, MEANING[mishap])
            return true
          })
        }
        await model.probe()
        assert.equal(model.status(), mishap === 'loading' ? 'down' : 'ok')
      })
    }

    it('reads an overflow that is only said in the stream', async () => {
      const [, said] = shape.errors.overflow ?? []
      if (said === undefined || !('error' in Object(said))) return
      const body = `data: ${JSON.stringify(said)}\n\ndata: [DONE]\n\n`
      server.behaviour = { kind: 'raw', mediaType: 'text/event-stream', body }
      await assert.rejects(collect(model.chatStream(ASKED, NEVER)), { code: 'context_overflow' })
    })

    it('that breaks off with an error in its stream is no answer', async () => {
      const body = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'No' }, finish_reason: null }] })}\n\n`
      for (const event of [
        `data: ${JSON.stringify(shape.errors.broken?.[1])}\n\ndata: [DONE]\n\n`,
        `error: ${JSON.stringify(shape.errors.broken?.[1])}\n\n`,
      ]) {
        server.behaviour = { kind: 'raw', mediaType: 'text/event-stream', body: body + event }
        await assert.rejects(collect(model.chatStream(ASKED, NEVER)), { code: 'failed' })
      }
    })
  })
}
