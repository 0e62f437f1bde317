/** Prompts that are far too long are refused before the tokeniser, which takes quadratic time, sees them whole. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatWrapper, LlamaModel } from 'node-llama-cpp'
import { LocalModelError } from '../../proxy/local/errors.ts'
import type { JobMessage, JobTool } from '../../proxy/local/llama-job.ts'
import { renderPrompt } from '../../proxy/local/llama-prompt.ts'

const HUGE = 'x'.repeat(1_000_000)
const ASKED: JobMessage = { role: 'user', text: 'hi' }
const TOOL: JobTool = { name: 'f', description: null, parameters: null }

function called(part: object): JobMessage {
  return { role: 'assistant', parts: [{ name: 'f', arguments: {}, result: '', ...part }] }
}

function described(parameters: object): JobTool {
  return { ...TOOL, parameters: { type: 'object', properties: {}, ...parameters } }
}

const ROWS: readonly (readonly [
  place: string,
  messages: readonly JobMessage[],
  tools: readonly JobTool[],
])[] = [
  ['a message', [{ role: 'user', text: HUGE }], []],
  ['an earlier answer', [{ role: 'assistant', parts: [HUGE] }, ASKED], []],
  ['the result of a call', [ASKED, called({ result: HUGE })], []],
  ['the arguments of a call', [ASKED, called({ arguments: { text: HUGE } })], []],
  ['the name of a call', [ASKED, called({ name: HUGE })], []],
  ['the name of a tool', [ASKED], [{ ...TOOL, name: HUGE }]],
  ['the description of a tool', [ASKED], [{ ...TOOL, description: HUGE }]],
  ['the name of a parameter', [ASKED], [described({ properties: { [HUGE]: { type: 'string' } } })]],
  [
    'the description of a parameter',
    [ASKED],
    [described({ properties: { a: { type: 'array', items: { type: 'string', description: HUGE } } } })],
  ],
  ['a choice of a parameter', [ASKED], [described({ properties: { a: { oneOf: [{ enum: [HUGE] }] } } })]],
  ['a definition', [ASKED], [described({ $defs: { a: { enum: [HUGE] } } })]],
  ['other properties', [ASKED], [described({ additionalProperties: { enum: [HUGE] } })]],
  ['the head of a list', [ASKED], [described({ properties: { a: { prefixItems: [{ enum: [HUGE] }] } } })]],
]

describe('a prompt', () => {
  for (const [place, messages, tools] of ROWS) {
    it(`is refused in pieces where ${place} is far too long`, () => {
      let longest = 0
      const model = {
        tokenize: (text: string) => {
          longest = Math.max(longest, text.length)
          return [...text]
        },
      } as unknown as LlamaModel
      const wrapper = {
        generateContextState: () => assert.fail('it was rendered'),
      } as unknown as ChatWrapper
      const render = (): unknown =>
        renderPrompt({ model, contextTokens: 512 }, wrapper, { messages, tools }, { chatHistory: [] })
      assert.throws(render, (error) => error instanceof LocalModelError && error.code === 'context_overflow')
      assert.ok(longest > 0 && longest < 10_000, `${longest} characters at once`)
    })
  }
})
