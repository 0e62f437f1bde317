/** The `llama` engine on a model with a known reply: counts, limits, templates, and what it refuses. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createLlamaModel, LocalModelError } from '../../proxy/local/index.ts'
import type { LocalModel, WireObject } from '../../proxy/ports.ts'
import { DEFAULT_REPLY, writeTinyGguf } from '../support/tiny-gguf.ts'

const NEVER = new AbortController().signal
const CONTEXT = 512
/** `<s>`, the two marks of a user turn, its role and newlines, and the start of the answer: see the template. */
const FRAME_TOKENS = 20

interface Answer {
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number }
  readonly choices: readonly {
    readonly message: { readonly content: string }
    readonly finish_reason: string
    readonly logprobs: null | { readonly content: readonly Logprob[] }
  }[]
}

interface Logprob {
  readonly token: string
  readonly logprob: number
  readonly top_logprobs: readonly { readonly token: string; readonly logprob: number }[]
}

function user(content: unknown): WireObject {
  return { messages: [{ role: 'user', content }] }
}

describe('the llama engine', () => {
  let dir = ''
  let model: LocalModel
  const ask = async (request: WireObject): Promise<Answer> => {
    const answer = await model.chat(request, NEVER)
    return answer as WireObject & Answer
  }
  const refused = async (request: WireObject): Promise<string> => {
    const error: unknown = await model.chat(request, NEVER).catch((thrown: unknown) => thrown)
    assert.ok(error instanceof LocalModelError, `expected a refusal, got ${JSON.stringify(error)}`)
    return error.reason === null ? error.code : `${error.code}/${error.reason}`
  }
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cloakroom-llama-'))
    const modelPath = join(dir, 'model.gguf')
    const { sha256 } = await writeTinyGguf(modelPath, { kind: 'fixed-reply', contextLength: CONTEXT })
    model = await createLlamaModel({
      modelPath,
      sha256,
      name: 'tiny',
      threads: 1,
      isolation: 'none',
      now: () => 5_000,
    })
  })
  after(async () => {
    await model.close()
    await rm(dir, { recursive: true, force: true })
  })

  it('counts the tokens of the prompt as its template writes it, and of the answer with its end', async () => {
    const { usage } = await ask(user('hi'))
    assert.deepEqual([usage.prompt_tokens, usage.completion_tokens], [FRAME_TOKENS + 2, 10])
    const longer = await ask(user('hello'))
    assert.equal(longer.usage.prompt_tokens, FRAME_TOKENS + 5)
  })

  it('reads system, developer, earlier answers and lists of text parts as turns', async () => {
    const bare = (await ask(user('hi'))).usage.prompt_tokens
    for (const role of ['system', 'developer']) {
      const { usage } = await ask({
        messages: [
          { role, content: 'be' },
          { role: 'user', content: 'hi' },
        ],
      })
      assert.ok(usage.prompt_tokens > bare)
    }
    const parts = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ]
    assert.equal((await ask(user(parts))).usage.prompt_tokens, (await ask(user('a\nb'))).usage.prompt_tokens)
    const turns = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
    ]
    assert.equal((await ask({ messages: turns })).choices[0]?.message.content, DEFAULT_REPLY)
  })

  it('reads marks of the template inside a text as text', async () => {
    const harmless = await ask(user('x'.repeat('<|im_end|>'.length)))
    const { usage } = await ask(user('<|im_end|>'))
    assert.equal(usage.prompt_tokens, harmless.usage.prompt_tokens)
  })

  it('uses the whole context and not a token more', async () => {
    const room = CONTEXT - FRAME_TOKENS
    const fits = await ask(user('x'.repeat(room - 10)))
    assert.equal(fits.choices[0]?.finish_reason, 'stop')
    for (const [left, text] of [
      [9, DEFAULT_REPLY],
      [7, 'Hello from the tiny model. It always'],
      [2, 'Hello from'],
    ] as const) {
      const { choices, usage } = await ask(user('x'.repeat(room - left)))
      assert.deepEqual([choices[0]?.finish_reason, choices[0]?.message.content], ['length', text])
      assert.equal(usage.prompt_tokens + usage.completion_tokens, CONTEXT)
    }
    assert.equal(await refused(user('x'.repeat(room - 1))), 'context_overflow')
    assert.equal(await refused(user('x'.repeat(1_000_000))), 'context_overflow')
  })

  it('stops before a stop text, whole or at any of several', async () => {
    const at = async (stop: unknown): Promise<readonly unknown[]> => {
      const { choices } = await ask({ ...user('hi'), stop })
      return [choices[0]?.message.content, choices[0]?.finish_reason]
    }
    assert.deepEqual(await at('tiny'), ['Hello from the ', 'stop'])
    assert.deepEqual(await at(['absent', 'model']), ['Hello from the tiny ', 'stop'])
    assert.deepEqual(await at('e tiny mo'), ['Hello from th', 'stop'])
    assert.deepEqual(await at(['Hello']), ['', 'stop'])
  })

  it('gives the log-probability of every token, and rivals where asked', async () => {
    const { choices } = await ask({
      ...user('hi'),
      logprobs: true,
      top_logprobs: 3,
      temperature: 1,
      top_p: 1,
    })
    const tokens = choices[0]?.logprobs?.content ?? []
    assert.equal(tokens.map((entry) => entry.token).join(''), DEFAULT_REPLY)
    for (const entry of tokens) {
      assert.ok(entry.logprob <= 0 && entry.logprob > -0.01)
      assert.equal(entry.top_logprobs[0]?.token, entry.token)
      assert.equal(entry.top_logprobs.length, 3)
    }
    const silent = await ask(user('hi'))
    assert.equal(silent.choices[0]?.logprobs, null)
  })

  it('takes the time from the clock it was given', async () => {
    assert.equal((await model.chat(user('hi'), NEVER)).created, 5)
  })

  const REFUSALS: readonly (readonly [name: string, request: WireObject, reason: string])[] = [
    ['an image', user([{ type: 'image_url', image_url: { url: 'data:,' } }]), 'unsupported/images'],
    ['audio output', { ...user('x'), modalities: ['text', 'audio'] }, 'unsupported/images'],
    ['an unknown role', { messages: [{ role: 'robot', content: 'x' }] }, 'unsupported/history'],
    ['no messages', { messages: [] }, 'unsupported/history'],
    [
      'a result without its call',
      { messages: [{ role: 'tool', tool_call_id: 'c', content: 'x' }] },
      'unsupported/history',
    ],
    [
      'tools without a template for them',
      { ...user('x'), tools: [{ type: 'function', function: { name: 'f' } }] },
      'unsupported/tools',
    ],
    ['logit_bias', { ...user('x'), logit_bias: { 5: 1 } }, 'unsupported/field'],
    ['a temperature of 3', { ...user('x'), temperature: 3 }, 'unsupported/field'],
    ['half a token', { ...user('x'), max_tokens: 0.5 }, 'unsupported/field'],
    [
      'a schema with a pattern',
      {
        ...user('x'),
        response_format: {
          type: 'json_schema',
          json_schema: { strict: true, schema: { type: 'string', pattern: 'a+' } },
        },
      },
      'unsupported/schema',
    ],
    ['an unknown response format', { ...user('x'), response_format: { type: 'xml' } }, 'unsupported/schema'],
  ]
  for (const [name, request, reason] of REFUSALS) {
    it(`refuses ${name} rather than leaving it out`, async () => {
      assert.equal(await refused(request), reason)
    })
  }
})
