/** Grammars on a model that says anything: whatever it wants to say, what comes out keeps to the schema. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { z } from 'zod'
import { createLlamaModel, LocalModelError } from '../../proxy/local/index.ts'
import type { LocalModel } from '../../proxy/ports.ts'
import { writeTinyGguf } from '../support/tiny-gguf.ts'

const NEVER = new AbortController().signal

/** Code points, as JSON Schema counts them; bytes that are no character (up to four) are one for the grammar. */
function letters(text: string): number {
  return [...text.replace(/\ufffd{1,4}/gu, '?')].length
}

const FINDINGS = z.strictObject({
  findings: z.array(z.strictObject({ kind: z.enum(['person', 'place']), sure: z.boolean() })).max(3),
  // A grammar lets an integer overflow to infinity: 9E999.
  total: z.custom<number>((value) => typeof value === 'number'),
  note: z.custom<string | null>((value) => value === null || letters(String(value)) <= 12),
})
const SCHEMA = {
  type: 'object',
  properties: {
    findings: {
      type: 'array',
      maxItems: 3,
      items: {
        type: 'object',
        properties: { kind: { enum: ['person', 'place'] }, sure: { type: 'boolean' } },
        required: ['kind', 'sure'],
        additionalProperties: false,
      },
    },
    total: { type: 'integer' },
    note: { anyOf: [{ type: 'string', maxLength: 12 }, { type: 'null' }] },
  },
  required: ['findings', 'total', 'note'],
  additionalProperties: false,
}
const SEEDS = Array.from({ length: 12 }, (_, seed) => seed)

interface Answer {
  readonly choices: readonly {
    readonly message: { readonly content: string }
    readonly finish_reason: string
  }[]
}

describe('answers under a grammar', () => {
  let dir = ''
  let model: LocalModel
  const answer = async (seed: number, format: object): Promise<readonly [text: string, finish: string]> => {
    const request = {
      messages: [{ role: 'user', content: 'go' }],
      response_format: format,
      seed,
      temperature: 1.5,
      top_p: 1,
    }
    const whole = (await model.chat(request, NEVER)) as unknown as Answer
    const choice = whole.choices[0]
    assert.ok(choice)
    return [choice.message.content, choice.finish_reason]
  }
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cloakroom-grammar-'))
    const modelPath = join(dir, 'model.gguf')
    await writeTinyGguf(modelPath, { kind: 'random', seed: 7 })
    model = await createLlamaModel({ modelPath, sha256: null, name: 'random', threads: 1, isolation: 'none' })
  })
  after(async () => {
    await model.close()
    await rm(dir, { recursive: true, force: true })
  })

  it('are a JSON object in JSON mode, unless the context ended', async () => {
    for (const seed of SEEDS) {
      const [text, finish] = await answer(seed, { type: 'json_object' })
      if (finish === 'length') continue
      const value: unknown = JSON.parse(text)
      assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), `seed ${seed}`)
    }
  })

  it('keep to a JSON schema, unless the context ended', async () => {
    let whole = 0
    for (const seed of SEEDS) {
      const format = { type: 'json_schema', json_schema: { name: 'findings', strict: true, schema: SCHEMA } }
      const [text, finish] = await answer(seed, format)
      if (finish === 'length') continue
      FINDINGS.parse(JSON.parse(text))
      whole += 1
    }
    assert.ok(whole > SEEDS.length / 2, `only ${whole} whole answers`)
  })

  it('keep to a schema that refers to itself, unless the context ended', async () => {
    const next = { anyOf: [{ $ref: '#' }, { type: 'null' }] }
    const schema = {
      type: 'object',
      properties: { v: { enum: [1, 2] }, next },
      required: ['v', 'next'],
      additionalProperties: false,
    }
    const node: z.ZodType = z.lazy(() =>
      z.strictObject({ v: z.literal([1, 2]), next: z.union([node, z.null()]) }),
    )
    let whole = 0
    for (const seed of SEEDS) {
      const format = { type: 'json_schema', json_schema: { name: 'list', strict: true, schema } }
      const [text, finish] = await answer(seed, format)
      if (finish === 'length') continue
      node.parse(JSON.parse(text))
      whole += 1
    }
    assert.ok(whole > 0)
  })

  it('refuse references that lead nowhere, and go on', async () => {
    const refs = (name: string): object => ({ $ref: `#/$defs/${name}` })
    for (const schema of [
      { $ref: '#' },
      { ...refs('a'), $defs: { a: refs('a') } },
      { ...refs('a'), $defs: { a: { anyOf: [refs('b'), { type: 'null' }] }, b: { oneOf: [refs('a')] } } },
    ]) {
      const asked = answer(1, { type: 'json_schema', json_schema: { name: 'loop', schema } })
      await assert.rejects(
        asked,
        (error: unknown) => error instanceof LocalModelError && error.reason === 'schema',
      )
    }
    const [, finish] = await answer(1, {
      type: 'json_schema',
      json_schema: { name: 'n', schema: { const: 1 } },
    })
    assert.equal(finish, 'stop')
  })

  it('come from ask as JSON of the schema, and the same every time', async () => {
    const schema = {
      type: 'object',
      properties: { kind: { enum: ['person', 'place'] }, sure: { type: 'boolean' } },
    }
    const ask = (): Promise<string> => model.ask({ system: 's', user: 'u', schema, maxTokens: 300 }, NEVER)
    const first = await ask()
    z.strictObject({ kind: z.enum(['person', 'place']), sure: z.boolean() }).parse(JSON.parse(first))
    assert.equal(await ask(), first)
  })

  it('differ between the choices of one request', async () => {
    const request = {
      messages: [{ role: 'user', content: 'go' }],
      n: 3,
      seed: 1,
      temperature: 2,
      top_p: 1,
      max_tokens: 8,
    }
    const { choices } = (await model.chat(request, NEVER)) as unknown as Answer
    assert.ok(new Set(choices.map((choice) => choice.message.content)).size > 1)
  })

  it('are the same for the same seed', async () => {
    const request = { messages: [{ role: 'user', content: 'go' }], seed: 99, temperature: 1, max_tokens: 20 }
    const said = async (): Promise<string | undefined> =>
      ((await model.chat(request, NEVER)) as unknown as Answer).choices[0]?.message.content
    assert.equal(await said(), await said())
  })

  it('refuse in ask what a grammar cannot enforce', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer', minimum: 3 } } }
    const asked = model.ask({ system: 's', user: 'u', schema, maxTokens: 50 }, NEVER)
    await assert.rejects(
      asked,
      (error: unknown) => error instanceof LocalModelError && error.code === 'unsupported',
    )
  })
})
