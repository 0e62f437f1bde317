/** Tools on the `llama` engine, with a template that has a place for them. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createLlamaModel, LocalModelError } from '../../proxy/local/index.ts'
import type { LocalModel, WireObject } from '../../proxy/ports.ts'
import { writeTinyGguf } from '../support/tiny-gguf.ts'

const NEVER = new AbortController().signal
const TEMPLATE = [
  "{% if tools %}{{ '<|im_start|>system\\nFunctions: ' }}{% for tool in tools %}{{ tool | tojson }}{% endfor %}",
  "{{ '<|im_end|>\\n' }}{% endif %}",
  "{% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' }}",
  '{% if message.content %}{{ message.content }}{% endif %}',
  '{% if message.tool_calls %}{% for call in message.tool_calls %}',
  '{{ \'<tool_call>{"name": "\' + call.function.name + \'", "arguments": \' }}{{ call.function.arguments | tojson }}',
  "{{ '}</tool_call>' }}{% endfor %}{% endif %}{{ '<|im_end|>\\n' }}{% endfor %}",
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
].join('')

/** Enums leave this model, which knows one sentence only, nothing else to say. */
const WEATHER = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'Weather of a city',
    parameters: { type: 'object', properties: { city: { enum: ['Paris'] } }, required: ['city'] },
  },
}
const CLOCK = { type: 'function', function: { name: 'clock' } }
const ASKED = [{ role: 'user', content: 'How is it in Paris?' }]

interface ToolCall {
  readonly index?: number
  readonly id?: string
  readonly type?: string
  readonly function: { readonly name?: string; readonly arguments: string }
}

interface Answer {
  readonly choices: readonly {
    readonly finish_reason: string | null
    readonly message: { readonly content: string | null; readonly tool_calls?: readonly ToolCall[] }
    readonly delta: { readonly tool_calls?: readonly ToolCall[] }
  }[]
  readonly usage: { readonly prompt_tokens: number }
}

describe('tools of the llama engine', () => {
  let dir = ''
  let model: LocalModel
  const chat = async (request: WireObject): Promise<Answer> =>
    (await model.chat({ temperature: 0, ...request }, NEVER)) as unknown as Answer
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cloakroom-tools-'))
    const modelPath = join(dir, 'model.gguf')
    const reply = 'Let me look. <tool_call>{"name": "'
    await writeTinyGguf(modelPath, {
      kind: 'fixed-reply',
      reply,
      chatTemplate: TEMPLATE,
      contextLength: 2048,
    })
    model = await createLlamaModel({ modelPath, sha256: null, name: 'tools', threads: 1, isolation: 'none' })
  })
  after(async () => {
    await model.close()
    await rm(dir, { recursive: true, force: true })
  })

  it('come back as calls, with arguments that keep to their schema', async () => {
    const { choices } = await chat({ messages: ASKED, tools: [WEATHER], parallel_tool_calls: false })
    const choice = choices[0]
    assert.equal(choice?.finish_reason, 'tool_calls')
    assert.equal(choice?.message.content?.trim(), 'Let me look.')
    const calls = choice?.message.tool_calls ?? []
    assert.equal(calls.length, 1)
    assert.match(calls[0]?.id ?? '', /^call_/u)
    assert.deepEqual([calls[0]?.type, calls[0]?.function.name], ['function', 'weather'])
    assert.deepEqual(JSON.parse(calls[0]?.function.arguments ?? ''), { city: 'Paris' })
  })

  it('come back with an empty object where a function has no parameters', async () => {
    const { choices } = await chat({ messages: ASKED, tools: [CLOCK], parallel_tool_calls: false })
    assert.deepEqual(choices[0]?.message.tool_calls?.[0]?.function, { name: 'clock', arguments: '{}' })
  })

  it('are streamed as pieces that join to the same call', async () => {
    const request = { messages: ASKED, tools: [WEATHER], parallel_tool_calls: false, temperature: 0 }
    const pieces: ToolCall[] = []
    let finish: string | null = null
    for await (const chunk of model.chatStream(request, NEVER)) {
      const choice = (chunk as unknown as Answer).choices[0]
      pieces.push(...(choice?.delta.tool_calls ?? []))
      finish = choice?.finish_reason ?? finish
    }
    assert.equal(finish, 'tool_calls')
    assert.deepEqual(pieces.map((piece) => piece.function.name).filter(Boolean), ['weather'])
    assert.equal(pieces.filter((piece) => piece.id !== undefined).length, 1)
    assert.deepEqual(JSON.parse(pieces.map((piece) => piece.function.arguments).join('')), { city: 'Paris' })
  })

  it('are read back with their results', async () => {
    const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } }
    const history = [...ASKED, { role: 'assistant', content: null, tool_calls: [call] }]
    const short = await chat({
      messages: [...history, { role: 'tool', tool_call_id: 'c1', content: 'sun' }],
      max_tokens: 1,
    })
    const long = await chat({
      messages: [...history, { role: 'tool', tool_call_id: 'c1', content: 'sun and wind' }],
      max_tokens: 1,
    })
    assert.ok(long.usage.prompt_tokens > short.usage.prompt_tokens)
    assert.ok(
      short.usage.prompt_tokens > (await chat({ messages: ASKED, max_tokens: 1 })).usage.prompt_tokens,
    )
  })

  it('are left out for tool_choice none', async () => {
    const bare = await chat({ messages: ASKED, max_tokens: 1 })
    const none = await chat({ messages: ASKED, max_tokens: 1, tools: [WEATHER], tool_choice: 'none' })
    assert.equal(none.usage.prompt_tokens, bare.usage.prompt_tokens)
  })

  for (const [name, choice, tools] of [
    ['by name', { type: 'function', function: { name: 'weather' } }, [CLOCK, WEATHER]],
    ['as the only one that is required', 'required', [WEATHER]],
  ] as const) {
    it(`are called for certain when forced ${name}`, async () => {
      const { choices } = await chat({ messages: ASKED, tools, tool_choice: choice })
      assert.equal(choices[0]?.finish_reason, 'tool_calls')
      assert.equal(choices[0]?.message.content, null)
      const forced = choices[0]?.message.tool_calls?.[0]?.function
      assert.equal(forced?.name, 'weather')
      assert.deepEqual(JSON.parse(forced?.arguments ?? ''), { city: 'Paris' })
    })
  }

  for (const [name, request] of [
    ['required with several', { tools: [CLOCK, WEATHER], tool_choice: 'required' }],
    [
      'one that is not there',
      { tools: [CLOCK], tool_choice: { type: 'function', function: { name: 'weather' } } },
    ],
    ['of another type', { tools: [{ type: 'web_search' }] }],
    ['beside a response format', { tools: [CLOCK], response_format: { type: 'json_object' } }],
  ] as const) {
    it(`are refused: ${name}`, async () => {
      await assert.rejects(
        chat({ messages: ASKED, ...request }),
        (error: unknown) => error instanceof LocalModelError && error.reason === 'tools',
      )
    })
  }
})
