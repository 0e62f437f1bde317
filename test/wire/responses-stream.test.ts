/** The event stream of the Responses API: every lane, every copy, every size of piece. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { WireObject } from '../../proxy/ports.ts'
import { ResponseError, responsesEndpoint } from '../../proxy/wire/index.ts'
import { createLanes, createVault } from '../../restore/index.ts'
import { responseEvents, responseObject, type ScriptItem } from '../support/responses-script.ts'

const vault = createVault({ key: new Uint8Array(32), scope: 'test' })
const NAME = 'Zoë "Zed" O\'Brien\n'
const P = vault.issue('PERSON', NAME)
const MAIL = 'zoe@example.com'
const E = vault.issue('EMAIL', MAIL)
const HALF = P.slice(0, 7)

const BODY = { model: 'm', input: 'x', stream: true }
const request = (extra: object = {}): WireObject => responsesEndpoint.parse({ ...BODY, ...extra })
const OPTIONS = { model: 'shown', id: '01TAIL' }

interface Played {
  readonly events: readonly WireObject[]
  readonly final: WireObject
}

/** Runs events through the endpoint and the restorers, as the pipeline does. */
function play(datas: readonly unknown[], extra: object = {}): Played {
  const stream = responsesEndpoint.openStream(request(extra), OPTIONS)
  const lanes = createLanes(vault)
  const events: WireObject[] = []
  for (const data of datas) {
    const step = stream.push(JSON.stringify(data))
    for (const slot of step.slots) slot.write(lanes.restore(slot))
    for (const { data: event, name } of step.events) {
      assert.equal(event.type, name)
      // What is sent is sent: later steps must not change it.
      events.push(JSON.parse(JSON.stringify(event)) as WireObject)
    }
    if (step.last === true) break
  }
  assert.equal(stream.end(), null)
  assert.ok(stream.final)
  return { events, final: stream.final }
}

const at = (event: WireObject, ...names: string[]): string =>
  names.map((name) => (event[name] === undefined ? '' : `.${event[name]}`)).join('')
const laneOf = (event: WireObject): string =>
  `${String(event.type).replace(/\.(delta|done)$/, '')}${at(event, 'output_index', 'content_index', 'summary_index')}`
const DONE_FIELDS = ['text', 'refusal', 'arguments', 'input'] as const

/** The texts that the deltas of each lane add up to, and what the events that end them say. */
function texts(events: readonly WireObject[]): { deltas: Map<string, string>; dones: Map<string, string> } {
  const deltas = new Map<string, string>()
  const dones = new Map<string, string>()
  for (const event of events) {
    const lane = laneOf(event)
    if (typeof event.delta === 'string') {
      assert.ok(!dones.has(lane), 'no delta comes after the end of its lane')
      assert.notEqual(event.delta, '')
      deltas.set(lane, (deltas.get(lane) ?? '') + event.delta)
    }
    for (const field of DONE_FIELDS) {
      if (String(event.type).endsWith('.done') && typeof event[field] === 'string')
        dones.set(lane, event[field])
    }
  }
  return { deltas, dones }
}

const TEXT = `Hi ${P}, write to ${E}. ${P}${E} and ${HALF} ${P}`
const RESTORED = `Hi ${NAME}, write to ${MAIL}. ${NAME}${MAIL} and ${HALF} ${NAME}`
const ARGUMENTS = JSON.stringify({ to: E, who: P, deep: JSON.stringify({ who: P }) })
const ITEMS: readonly ScriptItem[] = [
  { summary: [`Thinking of ${P}`, `${E}`], thoughts: `so ${P}` },
  { text: TEXT },
  { refusal: `No, ${P}` },
  { call: 'send', arguments: ARGUMENTS },
  { call: `find_${P}`, arguments: JSON.stringify({ who: HALF }) },
  { custom: 'run', input: `look for ${P}` },
  { text: HALF },
]
const EXPECTED: Readonly<Record<string, string>> = {
  'response.reasoning_summary_text.0.0': `Thinking of ${NAME}`,
  'response.reasoning_summary_text.0.1': MAIL,
  'response.reasoning_text.0.0': `so ${NAME}`,
  'response.output_text.1.0': RESTORED,
  'response.refusal.2.0': `No, ${NAME}`,
  'response.function_call_arguments.3': JSON.stringify({
    to: MAIL,
    who: NAME,
    deep: JSON.stringify({ who: NAME }),
  }),
  'response.function_call_arguments.4': JSON.stringify({ who: HALF }),
  'response.custom_tool_call_input.5': `look for ${NAME}`,
  'response.output_text.6.0': HALF,
}

interface Item {
  readonly id: string
  readonly type: string
  readonly name?: string
  readonly arguments?: string
  readonly input?: string
  readonly content?: readonly { readonly text?: string; readonly refusal?: string }[]
  readonly summary?: readonly { readonly text: string }[]
}

function assertItems(items: readonly Item[]): void {
  assert.deepEqual(
    items.map(({ id }) => id),
    [
      'rs_01TAIL_0',
      'msg_01TAIL_1',
      'msg_01TAIL_2',
      'fc_01TAIL_3',
      'fc_01TAIL_4',
      'ctc_01TAIL_5',
      'msg_01TAIL_6',
    ],
  )
  assert.deepEqual(
    items[0]?.summary?.map(({ text }) => text),
    [`Thinking of ${NAME}`, MAIL],
  )
  assert.equal(items[0]?.content?.[0]?.text, `so ${NAME}`)
  assert.equal(items[1]?.content?.[0]?.text, RESTORED)
  assert.equal(items[2]?.content?.[0]?.refusal, `No, ${NAME}`)
  assert.equal(items[3]?.arguments, EXPECTED['response.function_call_arguments.3'])
  assert.equal(items[4]?.name, `find_${NAME}`)
  assert.equal(items[5]?.input, `look for ${NAME}`)
  assert.equal(items[6]?.content?.[0]?.text, HALF)
}

for (let length = 1; length <= 40; length += 1) {
  test(`in pieces of ${length} every lane is restored, and every copy says what its deltas said`, () => {
    const { events, final } = play(responseEvents(BODY, ITEMS, length))
    const { deltas, dones } = texts(events)
    assert.deepEqual(Object.fromEntries(deltas), EXPECTED)
    assert.deepEqual(Object.fromEntries(dones), EXPECTED)
    assert.deepEqual(
      events.map(({ sequence_number }) => sequence_number),
      events.map((_, index) => index),
    )
    assertItems(final.output as Item[])
    assert.deepEqual(events.at(-1)?.response, JSON.parse(JSON.stringify(final)))
    for (const { type, output_index, item } of events) {
      if (type === 'response.output_item.done')
        assert.deepEqual(item, (final.output as Item[])[Number(output_index)])
    }
    for (const { type, output_index, content_index, part } of events) {
      if (type !== 'response.content_part.done') continue
      assert.deepEqual(part, (final.output as Item[])[Number(output_index)]?.content?.[Number(content_index)])
    }
  })
}

test('deltas of all lanes mixed at random are restored, each lane on its own', () => {
  const events = responseEvents(BODY, ITEMS, 3)
  const isOf = (index: number) => (event: WireObject) => event.output_index === index
  const lists = ITEMS.map((_, index) => events.filter(isOf(index)))
  fc.assert(
    fc.property(fc.array(fc.nat(ITEMS.length - 1), { minLength: 200, maxLength: 200 }), (order) => {
      const rest = lists.map((list) => [...list])
      const mixed = order.flatMap((pick) => rest[pick]?.shift() ?? [])
      const all = [events[0], ...mixed, ...rest.flat(), events.at(-1)]
      const played = play(all)
      assert.deepEqual(Object.fromEntries(texts(played.events).deltas), EXPECTED)
      assertItems(played.final.output as Item[])
    }),
    { numRuns: 100 },
  )
})

test('what is held back comes out before the event that ends its lane, whichever that is', () => {
  const all = responseEvents(BODY, [{ text: `A ${HALF}` }], 5)
  const leftOut: readonly string[][] = [
    [],
    ['response.output_text.done'],
    ['response.output_text.done', 'response.content_part.done'],
    ['response.output_text.done', 'response.content_part.done', 'response.output_item.done'],
  ]
  for (const types of leftOut) {
    const { events, final } = play(all.filter(({ type }) => !types.includes(String(type))))
    const { deltas } = texts(events)
    assert.equal(deltas.get('response.output_text.0.0'), `A ${HALF}`)
    assert.equal((final.output as Item[])[0]?.content?.[0]?.text, `A ${HALF}`)
    assert.deepEqual(
      events.map(({ sequence_number }) => sequence_number),
      events.map((_, index) => index),
    )
  }
})

test('deltas that a cloud left out come before the end of their lane, so that they add up to the text', () => {
  for (const kept of [0, 1, 2]) {
    let seen = 0
    const some = responseEvents(BODY, [{ text: TEXT }, { call: 'send', arguments: ARGUMENTS }], 9).filter(
      ({ type, output_index }) => {
        if (!String(type).endsWith('.delta') || output_index !== 0) return true
        seen += 1
        return seen <= kept
      },
    )
    const { deltas, dones } = texts(play(some).events)
    assert.equal(deltas.get('response.output_text.0.0'), RESTORED)
    assert.equal(dones.get('response.output_text.0.0'), RESTORED)
  }
})

test('a copy that says something else than its deltas is restored by itself', () => {
  const events = responseEvents(BODY, [{ text: `Hi ${P}` }], 4).map((event) =>
    event.type === 'response.output_text.done' ? { ...event, text: `Bye ${E}` } : event,
  )
  const { deltas, dones } = texts(play(events).events)
  assert.equal(deltas.get('response.output_text.0.0'), `Hi ${NAME}`)
  assert.equal(dones.get('response.output_text.0.0'), `Bye ${MAIL}`)
})

test('where the text is JSON, values are escaped in it', () => {
  const items: readonly ScriptItem[] = [{ text: JSON.stringify({ who: P, deep: JSON.stringify([P]) }) }]
  const text = { format: { type: 'json_object' } }
  for (const length of [1, 3, 100]) {
    const { events, final } = play(responseEvents(BODY, items, length), { text })
    const expected = { who: NAME, deep: JSON.stringify([NAME]) }
    assert.deepEqual(JSON.parse(texts(events).deltas.get('response.output_text.0.0') ?? ''), expected)
    assert.deepEqual(JSON.parse((final.output as Item[])[0]?.content?.[0]?.text ?? ''), expected)
  }
})

test('nothing of the cloud that no table names reaches the client', () => {
  const events = responseEvents(BODY, ITEMS, 5).map((event) => ({ ...event, strange: P, obfuscation: P }))
  const strange = [
    {
      type: 'response.output_text.annotation.added',
      annotation: { title: P },
      output_index: 1,
      content_index: 0,
    },
    { type: 'response.web_search_call.searching', item_id: P, output_index: 1 },
    { type: `response.${P}`, delta: P },
    { keepalive: P },
  ]
  const { events: shown } = play([...events.slice(0, -1), ...strange, events.at(-1)])
  const text = JSON.stringify(shown)
  assert.ok(!text.includes(P))
  assert.doesNotMatch(text, /(resp|msg|fc|ctc|rs)_cloud/)
  assert.ok(!text.includes('b3BhcXVl'))
})

test('what an answer repeats of the request is what the client wrote, not what the cloud saw', () => {
  const echo = { instructions: 'Be brief with Zoë', tools: [], previous_response_id: 'resp_1' }
  const stream = responsesEndpoint.openStream(request(), { ...OPTIONS, echo })
  const [first] = responseEvents({ ...BODY, instructions: `Be brief with ${P}` }, [], 4)
  const shown = stream.push(JSON.stringify(first)).events[0]?.data.response as WireObject
  assert.equal(shown.instructions, 'Be brief with Zoë')
  assert.equal(shown.previous_response_id, 'resp_1')
  assert.equal(shown.id, 'resp_01TAIL')
  assert.equal(shown.model, 'shown')
})

test('an answer that is incomplete or failed ends the stream, and the cloud’s words about it stay out', () => {
  for (const ending of ['incomplete', 'failed'] as const) {
    const { events } = play(responseEvents({ ...BODY, input: P }, [{ text: `Hi ${HALF}` }], 3, ending))
    assert.equal(events.at(-1)?.type, `response.${ending}`)
    assert.ok(!JSON.stringify(events).includes(`failed on`))
    assert.equal(texts(events).deltas.get('response.output_text.0.0'), `Hi ${HALF}`)
  }
})

test('a stream without its last event, an error event and garbage are errors', () => {
  const events = responseEvents(BODY, [{ text: 'Hi' }], 4)
  const open = (): ReturnType<typeof responsesEndpoint.openStream> =>
    responsesEndpoint.openStream(request(), OPTIONS)
  const cut = open()
  for (const event of events.slice(0, -1)) cut.push(JSON.stringify(event))
  assert.throws(() => cut.end(), { code: 'truncated' })
  for (const bad of [
    '[]',
    '"x"',
    '{"type":"error","message":"no"}',
    '{"error":{"message":"no"}}',
    '{"type":"response.output_text.delta","output_index":-1,"content_index":0,"delta":"x"}',
    '{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":5}',
    '{"type":"response.output_item.added","output_index":0,"item":{"type":"web_search_call"}}',
    '{"type":"response.completed","response":{"output":[]}}',
    '{"type":"response.completed","response":{"object":"response","output":{}}}',
  ]) {
    assert.throws(() => open().push(bad), ResponseError, bad)
  }
})

test('a delta after the end of its lane is refused: the copies would not say it', () => {
  const events = responseEvents(BODY, [{ text: 'Hi' }], 4)
  const delta = events.find(({ type }) => type === 'response.output_text.delta')
  assert.throws(() => play([...events.slice(0, -1), delta]), { code: 'invalid_response' })
})

test('a whole answer is restored in every text and keeps only what is known', () => {
  const lanes = createLanes(vault)
  const body = request()
  const json = { ...responseObject({ ...BODY, instructions: P }, ITEMS), strange: P, user: P }
  const answer = responsesEndpoint.readResponse(json, OPTIONS)
  for (const slot of responsesEndpoint.responseSlots(answer, body)) slot.write(lanes.restore(slot))
  assertItems(answer.output as Item[])
  assert.ok(!JSON.stringify(answer).includes(P))
  assert.deepEqual(responsesEndpoint.usageOf(answer), {
    prompt_tokens: 40,
    completion_tokens: 20,
    total_tokens: 60,
  })
})

test('no event at all makes reading do anything but read or refuse', () => {
  const types = responseEvents(BODY, ITEMS, 9).map(({ type }) => String(type))
  const event = fc.record(
    {
      type: fc.constantFrom(...types),
      output_index: fc.oneof(fc.nat(3), fc.jsonValue()),
      content_index: fc.oneof(fc.nat(3), fc.jsonValue()),
      summary_index: fc.oneof(fc.nat(3), fc.jsonValue()),
      delta: fc.oneof(fc.string(), fc.jsonValue()),
      text: fc.oneof(fc.string(), fc.jsonValue()),
      item: fc.jsonValue(),
      part: fc.jsonValue(),
      response: fc.jsonValue(),
    },
    { requiredKeys: ['type'] },
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), (datas) => {
      try {
        play(datas)
      } catch (error) {
        assert.equal((error as Error).name, 'ResponseError')
      }
    }),
    { numRuns: 3000 },
  )
})
