import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireObject } from '../../proxy/ports.ts'
import { embeddingsEndpoint, ResponseError, WireError } from '../../proxy/wire/index.ts'

const parse = (input: unknown): WireObject => embeddingsEndpoint.parse({ model: 'm', input, user: 'u' })

test('token arrays are refused, text and lists of text are taken', () => {
  for (const input of [[1, 2], [[1]], 5, [], {}, null]) {
    assert.throws(
      () => parse(input),
      (error) => error instanceof WireError && error.code === 'invalid_request',
    )
  }
  assert.deepEqual(
    embeddingsEndpoint.requestSlots(parse(['a', 'b'])).map(({ text }) => text),
    ['a', 'b'],
  )
  assert.deepEqual(embeddingsEndpoint.toUpstream(parse('a'), 'e'), { model: 'e', input: 'a' })
})

test('an answer is numbers, or their bytes in base64, and nothing else', () => {
  const usage = { prompt_tokens: 2, total_tokens: 2 }
  const answer = embeddingsEndpoint.readResponse({
    data: [
      { embedding: [0.5, -1], zebra: 'x' },
      { index: 1, embedding: 'AAAA' },
    ],
    model: 'e',
    usage,
    zebra: 'x',
  })
  assert.deepEqual(answer, {
    object: 'list',
    data: [
      { object: 'embedding', index: 0, embedding: [0.5, -1] },
      { object: 'embedding', index: 1, embedding: 'AAAA' },
    ],
    model: 'e',
    usage,
  })
  assert.deepEqual(embeddingsEndpoint.usageOf(answer), { ...usage, completion_tokens: 0 })
  for (const embedding of [['x'], 'not base64!', null, {}, [[1]]]) {
    assert.throws(() => embeddingsEndpoint.readResponse({ data: [{ embedding }] }), ResponseError)
  }
})
