import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  decodeSse,
  encodeSseEvent,
  ResponseError,
  SseDecoder,
  type SseEvent,
} from '../../proxy/wire/index.ts'

const encoder = new TextEncoder()

function decodeParts(parts: readonly Uint8Array[]): readonly SseEvent[] {
  const decoder = new SseDecoder()
  const events = parts.flatMap((part) => decoder.push(part))
  decoder.end()
  return events
}

/** Scripts with LF line ends, and the events they hold. */
const SCRIPTS: readonly (readonly [string, string, readonly SseEvent[]])[] = [
  ['one event', 'data: a\n\n', [{ data: 'a' }]],
  ['two events', 'data: a\n\ndata: b\n\n', [{ data: 'a' }, { data: 'b' }]],
  ['no space after the colon', 'data:a\n\n', [{ data: 'a' }]],
  ['two spaces after the colon', 'data:  a\n\n', [{ data: ' a' }]],
  ['several data lines', 'data: a\ndata: b\ndata\n\n', [{ data: 'a\nb\n' }]],
  ['empty data', 'data\n\ndata:\n\n', [{ data: '' }, { data: '' }]],
  ['a comment', ': hi\ndata: a\n\n', [{ data: 'a' }]],
  ['comments between events', 'data: a\n\n: ping\n\n: ping\n\ndata: b\n\n', [{ data: 'a' }, { data: 'b' }]],
  ['a comment inside an event', 'data: a\n:x\ndata: b\n\n', [{ data: 'a\nb' }]],
  ['a name', 'event: delta\ndata: a\n\n', [{ data: 'a', name: 'delta' }]],
  ['a name after the data', 'data: a\nevent: delta\n\n', [{ data: 'a', name: 'delta' }]],
  ['an id and a retry time', 'id: 7\nretry: 250\ndata: a\n\n', [{ data: 'a', id: '7', retry: 250 }]],
  ['a retry time that is no number', 'retry: soon\ndata: a\n\n', [{ data: 'a' }]],
  ['an unknown field', 'colour: red\ndata: a\n\n', [{ data: 'a' }]],
  ['a name without data', 'event: x\n\ndata: a\n\n', [{ data: 'a' }]],
  ['blank lines', '\n\n\ndata: a\n\n\n\n', [{ data: 'a' }]],
  ['a field name with a space before the colon', 'data : a\ndata: b\n\n', [{ data: 'b' }]],
  ['a colon in the data', 'data: {"a":"b:c"}\n\n', [{ data: '{"a":"b:c"}' }]],
  ['two-byte letters', 'data: café\n\n', [{ data: 'café' }]],
  ['four-byte characters', 'data: 😀 and 𝒳\n\ndata: 😀\n\n', [{ data: '😀 and 𝒳' }, { data: '😀' }]],
  ['scripts of all widths', 'data: aß語😀\n\n: ü\n\ndata: é\n\n', [{ data: 'aß語😀' }, { data: 'é' }]],
  ['a byte order mark', '\ufeffdata: a\n\n', [{ data: 'a' }]],
  ['a byte order mark inside data', 'data: \ufeffa\n\n', [{ data: '\ufeffa' }]],
  ['a placeholder', 'data: {"content":"PERSON_7KQ2F"}\n\n', [{ data: '{"content":"PERSON_7KQ2F"}' }]],
]

for (const [name, script, events] of SCRIPTS) {
  for (const [ends, label] of [
    ['\n', 'LF'],
    ['\r\n', 'CRLF'],
    ['\r', 'CR'],
  ] as const) {
    test(`${name} is read the same at every split, with ${label}`, () => {
      const bytes = encoder.encode(script.replaceAll('\n', ends))
      for (let first = 0; first <= bytes.length; first += 1) {
        assert.deepEqual(decodeParts([bytes.subarray(0, first), bytes.subarray(first)]), events)
        for (let second = first; second <= bytes.length; second += 1) {
          const parts = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)]
          assert.deepEqual(decodeParts(parts), events)
        }
      }
      assert.deepEqual(decodeParts(Array.from(bytes, (byte) => Uint8Array.of(byte))), events)
    })
  }
}

test('line ends of all kinds may be mixed', () => {
  const bytes = encoder.encode('data: a\r\rdata: b\r\n\ndata: c\n\r\ndata: d\r\n\r')
  const expected = ['a', 'b', 'c', 'd'].map((data) => ({ data }))
  for (let at = 0; at <= bytes.length; at += 1) {
    assert.deepEqual(decodeParts([bytes.subarray(0, at), bytes.subarray(at)]), expected)
  }
})

test('an event is there as soon as its blank line is, also with CR alone', () => {
  const decoder = new SseDecoder()
  assert.deepEqual(decoder.push(encoder.encode('data: a\r\r')), [{ data: 'a' }])
  assert.deepEqual(decoder.push(encoder.encode('\ndata: b\n\n')), [{ data: 'b' }])
})

test('what is encoded is decoded to itself', () => {
  const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\0]/g, ''))
  const data = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'))
  const event = fc.record(
    { data, name: line, retry: fc.nat(999_999) },
    { requiredKeys: ['data'], noNullPrototype: true },
  )
  fc.assert(
    fc.property(fc.array(event), fc.array(fc.nat(400)), (events, cuts) => {
      const bytes = encoder.encode(events.map((one) => encodeSseEvent(one)).join(''))
      const marks = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
      const parts = marks.slice(1).map((mark, index) => bytes.subarray(marks[index], mark))
      assert.deepEqual(decodeParts(parts), events)
    }),
    { numRuns: 500 },
  )
})

test('random bytes end in events or in a known error, never in a crash', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }), (parts) => {
      const noisy = parts.map((part) =>
        part.map((byte) => (byte % 5 === 0 ? 0x0a : byte % 7 === 0 ? 0x0d : byte)),
      )
      try {
        decodeParts(noisy)
      } catch (error) {
        assert.ok(error instanceof ResponseError)
      }
    }),
    { numRuns: 3000 },
  )
})

const code = (expected: string) => (error: unknown) =>
  error instanceof ResponseError && error.code === expected

test('an event over the limit is refused however it grows', () => {
  const long = encoder.encode('x'.repeat(50))
  for (const start of ['data: ', ': ', 'event: ', '']) {
    const decoder = new SseDecoder({ maxEventLength: 200 })
    decoder.push(encoder.encode(start))
    assert.throws(() => {
      for (let n = 0; n < 10; n += 1) decoder.push(long)
    }, code('event_too_large'))
  }
  const lines = new SseDecoder({ maxEventLength: 200 })
  assert.throws(() => lines.push(encoder.encode('data: 0123456789\n'.repeat(20))), code('event_too_large'))
})

test('many small events and comments are not one large event', () => {
  const decoder = new SseDecoder({ maxEventLength: 50 })
  assert.equal(decoder.push(encoder.encode('data: 0123456789\n\n'.repeat(100))).length, 100)
  assert.equal(decoder.push(encoder.encode(': 0123456789\n'.repeat(100))).length, 0)
})

test('bytes that are not UTF-8 are refused', () => {
  assert.throws(() => new SseDecoder().push(Uint8Array.of(0x64, 0xff, 0x0a)), code('invalid_response'))
})

async function* bodyOf(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield encoder.encode(part)
}

async function collect(body: AsyncIterable<Uint8Array>, doneMark?: string | null): Promise<string[]> {
  const texts: string[] = []
  for await (const event of decodeSse(body, doneMark === undefined ? {} : { doneMark }))
    texts.push(event.data)
  return texts
}

test('a stream ends at its mark, and nothing after it is read', async () => {
  let closed = false
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      yield encoder.encode('data: a\n\ndata: [DONE]\n\ndata: b\n\n')
      yield encoder.encode('data: c\n\n')
    } finally {
      closed = true
    }
  }
  assert.deepEqual(await collect(body()), ['a', '[DONE]'])
  assert.ok(closed)
})

test('a stream that stops before its mark is an error, after the events it had', async () => {
  for (const rest of ['', 'data: b', 'data: b\n', 'data: [DONE]', 'data: [DONE]\n', ': x']) {
    const seen: string[] = []
    await assert.rejects(async () => {
      for await (const event of decodeSse(bodyOf('data: a\n\n', rest))) seen.push(event.data)
    }, code('truncated'))
    assert.deepEqual(seen, ['a'])
  }
})

test('a stream without a mark ends with its bytes, but not inside an event', async () => {
  assert.deepEqual(await collect(bodyOf('data: a\n\n'), null), ['a'])
  await assert.rejects(collect(bodyOf('data: a\n'), null), code('truncated'))
})

test('a megabyte that comes byte by byte takes linear time', () => {
  const decoder = new SseDecoder()
  const start = performance.now()
  const byte = Uint8Array.of(0x78)
  decoder.push(encoder.encode('data: '))
  for (let n = 0; n < 1_000_000; n += 1) decoder.push(byte)
  assert.equal(decoder.push(encoder.encode('\n\n'))[0]?.data.length, 1_000_000)
  assert.ok(performance.now() - start < 5000)
})
