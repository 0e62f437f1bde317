/** Drafts of the local model: what is judged, what is not, and that none of it is lost. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { draftLocally } from '../../proxy/pipeline/draft.ts'
import type { LocalSource } from '../../proxy/pipeline/local-answer.ts'
import type { LocalModel, WireObject } from '../../proxy/ports.ts'
import { Problem } from '../../proxy/problem.ts'
import { chatEndpoint } from '../../proxy/wire/index.ts'

const QUESTION = 'A box holds 12 eggs. She eats 21 eggs a week. How many boxes does she need for 4 weeks?'
const GOOD = 'In 4 weeks she eats 21 * 4 = 84 eggs. That is 84 / 12 = 7 boxes.'
const BAD = 'However, approximately 21 * 4 = 86, so maybe 86 / 12 = 7.1666 boxes, which actually'

interface Script {
  /** Pieces of the answer; a promise is waited for, an error is thrown. */
  readonly pieces: readonly (string | WireObject | Promise<string> | Error)[]
  readonly logprob?: number
  readonly refusesLogprobs?: boolean
}

class CodedError extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

const abortion = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const abort = (): void => reject(new CodedError('aborted'))
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
  })

function model(script: Script): LocalModel & { readonly asked: WireObject[] } {
  const asked: WireObject[] = []
  async function* pieces(request: WireObject, signal: AbortSignal): AsyncGenerator<WireObject> {
    asked.push(request)
    if (script.refusesLogprobs && request.logprobs === true) throw new CodedError('unsupported')
    for (const piece of script.pieces) {
      if (piece instanceof Error) throw piece
      const said = piece instanceof Promise ? await Promise.race([piece, abortion(signal)]) : piece
      const delta = typeof said === 'string' ? { content: said } : said
      const logprobs =
        script.logprob === undefined
          ? {}
          : { logprobs: { content: [{ token: 'x', logprob: script.logprob }] } }
      yield { choices: [{ index: 0, delta, finish_reason: null, ...logprobs }] }
    }
  }
  return {
    name: 'l',
    engine: 'openai',
    asked,
    status: () => 'ok',
    chatStream: pieces,
    async chat(request, signal) {
      let content = ''
      const tokens: object[] = []
      let calls: unknown
      for await (const chunk of pieces(request, signal)) {
        const [choice] = chunk.choices as { delta: { content?: string; tool_calls?: unknown } }[]
        content += choice?.delta.content ?? ''
        calls ??= choice?.delta.tool_calls
        if (script.logprob !== undefined) tokens.push({ token: 'x', logprob: script.logprob })
      }
      const message = { role: 'assistant', content, ...(calls === undefined ? {} : { tool_calls: calls }) }
      return { choices: [{ index: 0, message, finish_reason: 'stop', logprobs: { content: tokens } }] }
    },
    ask: async () => '{}',
    close: async () => undefined,
  }
}

function draft(
  local: LocalModel,
  stream: boolean,
  options: { timeoutMs?: number; signal?: AbortSignal } = {},
) {
  const body = { model: 'cloakroom-auto', messages: [{ role: 'user', content: QUESTION }], stream }
  return draftLocally({
    endpoint: chatEndpoint,
    model: local,
    body: chatEndpoint.parse(body),
    signal: options.signal ?? new AbortController().signal,
    question: QUESTION,
    timeoutMs: options.timeoutMs ?? 600_000,
  })
}

/** Everything a client would get of a draft. */
async function textOf(source: LocalSource): Promise<string> {
  if (source.kind === 'whole') {
    const { choices } = await source.answer
    return (choices as { message: { content: string } }[])[0]?.message.content ?? ''
  }
  let text = ''
  for (let next = await source.chunks.next(); next.done !== true; next = await source.chunks.next()) {
    text += (next.value.choices as { delta: { content?: string } }[])[0]?.delta.content ?? ''
  }
  return text
}

const halves = (text: string): readonly string[] => [text.slice(0, 20), text.slice(20)]

for (const stream of [false, true]) {
  describe(stream ? 'a streamed draft' : 'a whole draft', () => {
    it('is judged, and still there afterwards', async () => {
      for (const [text, isGood] of [
        [GOOD, true],
        [BAD, false],
      ] as const) {
        const { facts, answer } = await draft(model({ pieces: halves(text) }), stream)
        assert.equal(facts.outcome, 'judged')
        assert.equal((facts.confidence ?? 0.5) > 0.5, isGood)
        assert.ok(answer)
        assert.equal(await textOf(answer), text)
      }
    })

    it('is trusted less where the model was unsure of its words', async () => {
      const of = async (logprob: number) =>
        (await draft(model({ pieces: halves(GOOD), logprob }), stream)).facts.confidence ?? 0
      assert.ok((await of(-0.01)) > (await of(-0.16)))
      assert.ok((await of(-0.16)) > (await of(-2)))
    })

    it('is made without log-probabilities by a server that refuses them, and asked no more for them', async () => {
      const local = model({ pieces: halves(GOOD), refusesLogprobs: true })
      assert.equal((await draft(local, stream)).facts.outcome, 'judged')
      assert.equal((await draft(local, stream)).facts.outcome, 'judged')
      assert.deepEqual(
        local.asked.map(({ logprobs }) => logprobs === true),
        [true, false, false],
      )
    })

    it('that takes too long is not judged, and given whole', async () => {
      let say: (text: string) => void = () => undefined
      const rest = new Promise<string>((resolve) => {
        say = resolve
      })
      const { facts, answer } = await draft(model({ pieces: ['Seven ', rest] }), stream, { timeoutMs: 1 })
      assert.deepEqual(facts, { outcome: 'unjudged', status: 'ok', confidence: null })
      say('boxes.')
      assert.ok(answer)
      assert.equal(await textOf(answer), 'Seven boxes.')
    })

    it('that takes too long and fails then, fails for whoever reads it', async () => {
      let fail: (error: Error) => void = () => undefined
      const rest = new Promise<string>((_, reject) => {
        fail = reject
      })
      const { answer } = await draft(model({ pieces: ['Seven ', rest] }), stream, { timeoutMs: 1 })
      fail(new CodedError('failed'))
      assert.ok(answer)
      await assert.rejects(textOf(answer), { code: 'failed' })
    })

    it('that is given up frees the model', async () => {
      const local = model({ pieces: ['Seven ', new Promise<string>(() => undefined)] })
      const given = await draft(local, stream, { timeoutMs: 1 })
      assert.ok(given.answer)
      given.discard()
      await assert.rejects(textOf(given.answer), { code: 'aborted' })
    })

    it('that calls a tool is not judged', async () => {
      const call = {
        tool_calls: [{ index: 0, id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
      }
      const { facts } = await draft(model({ pieces: ['I will look.', call] }), stream)
      assert.equal(facts.outcome, 'unjudged')
    })

    it('that is very long is not judged, and given whole', async () => {
      const pieces = Array.from({ length: 9 }, () => 'word '.repeat(8_000))
      const { facts, answer } = await draft(model({ pieces }), stream)
      assert.equal(facts.outcome, 'unjudged')
      assert.ok(answer)
      assert.equal((await textOf(answer)).length, 9 * 40_000)
    })

    it('that fails says how', async () => {
      for (const [code, status] of [
        ['not_loaded', 'down'],
        ['failed', 'down'],
        ['busy', 'down'],
        ['timeout', 'timeout'],
      ] as const) {
        const failed = await draft(model({ pieces: ['Seven', new CodedError(code)] }), stream)
        assert.deepEqual(failed.facts, { outcome: 'failed', status, confidence: null })
        assert.ok(failed.answer === null)
        assert.equal(failed.problem.code, code === 'busy' ? 'overloaded' : 'local_unavailable')
      }
    })

    it('of what the model cannot do is the error it would be without a cascade', async () => {
      for (const [code, problem] of [
        ['context_overflow', 'invalid_request'],
        ['unsupported', 'unsupported_content'],
      ] as const) {
        await assert.rejects(draft(model({ pieces: [new CodedError(code)] }), stream), (error: unknown) => {
          assert.ok(error instanceof Problem)
          assert.equal(error.code, problem)
          return true
        })
      }
    })

    it('of a client that is gone is no failure of the model', async () => {
      const gone = new AbortController()
      const drafting = draft(model({ pieces: ['Seven ', new Promise<string>(() => undefined)] }), stream, {
        signal: gone.signal,
      })
      gone.abort()
      await assert.rejects(drafting, (error: unknown) => error instanceof Problem)
    })
  })
}
