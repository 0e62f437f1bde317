/** The contextual pass against servers that stand for a good, a lazy, a lying and a hung model. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CONTEXTUAL_EXAMPLES, examplesFor } from '../../detectors/contextual-examples.ts'
import { CANARIES, CONTEXTUAL_TYPES, contextualInstructions } from '../../detectors/contextual-prompt.ts'
import { detectContextual } from '../../detectors/index.ts'
import { createHttpModel, type HttpModel } from '../../proxy/local/index.ts'
import { inspect } from '../../proxy/pipeline/inspect.ts'
import { lookCloser } from '../../proxy/pipeline/look-closer.ts'
import type { WireSlot } from '../../proxy/wire/index.ts'
import { type ChatBody, type ScriptedServer, startScriptedServer } from '../support/scripted-openai-server.ts'

const SECRETS = [
  { type: 'PERSON', text: 'Bluebeard' },
  { type: 'TITLE_OR_JOB', text: 'the only vet on the island' },
] as const
const TEXT = 'Please ask the only vet on the island, whom we call Bluebeard, about Monday. Bluebeard knows.'
const documentOf = (body: ChatBody): string => String(body.messages?.at(-1)?.content ?? '')
const canariesIn = (text: string) =>
  CANARIES.filter((name) => text.includes(name)).map((text) => ({ type: 'PERSON', text }))
const answer = (findings: readonly object[]): string => JSON.stringify({ findings })

/** Reads the document, and names what stands in it. */
const good = (body: ChatBody): string => {
  const text = documentOf(body)
  return answer([...canariesIn(text), ...SECRETS.filter((one) => text.includes(one.text))])
}

let server: ScriptedServer
let model: HttpModel
before(async () => {
  server = await startScriptedServer({ kind: 'reply', text: good })
  model = createHttpModel({ baseUrl: server.baseUrl, model: 'scripted' })
})
after(async () => {
  await model.close()
  await server.stop()
})

async function look(texts: readonly string[], signal = new AbortController().signal) {
  const detection = await detectContextual(texts, {
    ask: (request, stop) => model.ask(request, stop),
    signal,
  })
  const values = detection.findings.map((found, i) =>
    found.map(({ span }) => texts[i]?.slice(span.start, span.end)),
  )
  return { ...detection, values }
}

describe('the contextual pass over a server', () => {
  it('keeps every place of what a good model names', async () => {
    server.behaviour = { kind: 'reply', text: good }
    const { status, values } = await look([TEXT])
    assert.equal(status, 'ok')
    assert.deepEqual(values, [['the only vet on the island', 'Bluebeard', 'Bluebeard']])
    const request = server.requests.at(-1)?.body as ChatBody & { temperature?: number }
    assert.equal(request.temperature, 0)
    assert.equal(request.response_format?.type, 'json_schema')
  })

  it('counts a lazy model, which names nothing, as failed', async () => {
    for (const text of [answer([]), answer([SECRETS[0]]), '{}', '', 'I found nothing.']) {
      server.behaviour = { kind: 'reply', text }
      assert.equal((await look([TEXT])).status, 'down', text)
    }
  })

  it('keeps nothing of a lying model that does not stand in the text', async () => {
    const lies = [
      { type: 'PERSON', text: 'Nobody Atall' },
      { type: 'PERSON', text: '' },
      { type: 'PERSON', text: ' ' },
      { type: 'PERSON', text: '.' },
      { type: 'PERSON', text: 'Bluebeard '.repeat(200) },
      { type: 'PERSON', text: 'blue' },
    ]
    server.behaviour = {
      kind: 'reply',
      text: (body) => answer([...canariesIn(documentOf(body)), ...lies]),
    }
    const { status, values } = await look([TEXT])
    assert.equal(status, 'ok')
    assert.deepEqual(values, [[]])
    // A type that there is none of makes the whole answer worthless.
    server.behaviour = {
      kind: 'reply',
      text: (body) => answer([...canariesIn(documentOf(body)), { type: 'NOTHING', text: 'Bluebeard' }]),
    }
    assert.equal((await look([TEXT])).status, 'down')
  })

  it('gives a hung model its time and no more, and keeps what was read until then', async () => {
    const budget = new AbortController()
    let asked = 0
    server.behaviour = () => {
      asked += 1
      if (asked === 1) return { kind: 'reply', text: good }
      budget.abort()
      return { kind: 'hang' }
    }
    const { status, statuses, values } = await look(
      [TEXT, `${TEXT} Again.`, 'A third text here.'],
      budget.signal,
    )
    assert.equal(status, 'timeout')
    assert.deepEqual(statuses, ['ok', 'timeout', 'timeout'])
    assert.deepEqual(values[0], ['the only vet on the island', 'Bluebeard', 'Bluebeard'])
  })

  it('reads whole sentences, each in some window', async () => {
    server.behaviour = { kind: 'reply', text: good }
    const sentences = Array.from({ length: 400 }, (_, i) => `Sentence number ${i} says a little something.`)
    const before = server.requests.length
    assert.equal((await look([sentences.join(' ')])).status, 'ok')
    const windows = server.requests.slice(before).map(({ body }) => documentOf(body))
    assert.ok(windows.length >= 4)
    for (const sentence of sentences) {
      assert.ok(
        windows.some((window) => window.includes(sentence)),
        sentence,
      )
    }
    for (const window of windows.slice(1)) assert.match(window, /^[^\n]+\nSentence number/)
  })
})

/** The inspection of some texts by nothing but their hashes. */
function inspectionOf(texts: readonly string[]) {
  const slots = texts.map(
    (text): WireSlot => ({ lane: 'test', text, path: 'p', write: () => undefined }) as never,
  )
  return inspect(slots, {
    detect: (text) => ({ findings: [], status: { pattern: 'ok', ner: 'ok' }, hmac: `hash of ${text}` }),
  })
}

describe('looking closer at a request', () => {
  const limits = { timeoutMs: 60_000, signal: new AbortController().signal }

  it('asks about each text once, and forgets what was not read', async () => {
    server.behaviour = { kind: 'reply', text: answer([]) }
    const texts = [`${TEXT} (looked at closely)`, 'And something else.']
    assert.equal((await lookCloser(model, inspectionOf(texts), limits)).status, 'down')
    server.behaviour = { kind: 'reply', text: good }
    let before = server.requests.length
    assert.equal((await lookCloser(model, inspectionOf(texts), limits)).status, 'ok')
    assert.equal(server.requests.length, before + 2)
    before = server.requests.length
    const again = await lookCloser(model, inspectionOf([...texts, 'A third one.']), limits)
    assert.equal(server.requests.length, before + 1)
    assert.equal(again.findings[0]?.length, 3)
  })

  it('finds what was named in one text in all of them', async () => {
    server.behaviour = {
      kind: 'reply',
      text: (body) => {
        const text = documentOf(body)
        return answer([...canariesIn(text), ...(text.includes('whom we call') ? SECRETS : [])])
      },
    }
    // A single word is not asked about, and replaced all the same.
    const texts = [
      `${TEXT} Once.`,
      'Tell Bluebeard that it is late.',
      'Nothing here at all.',
      'Bluebeard',
      '',
    ]
    const before = server.requests.length
    const { findings } = await lookCloser(model, inspectionOf(texts), limits)
    assert.deepEqual(
      findings.map((found, i) => found.map(({ span }) => texts[i]?.slice(span.start, span.end))),
      [['the only vet on the island', 'Bluebeard', 'Bluebeard'], ['Bluebeard'], [], ['Bluebeard'], []],
    )
    assert.equal(server.requests.length, before + 3)
  })
})

describe('the examples of the contextual prompt', () => {
  for (const example of CONTEXTUAL_EXAMPLES) {
    it(`say the truth in ${example.language}, and are chosen for it`, () => {
      for (const { type, text } of example.findings) {
        assert.ok(example.document.includes(text), text)
        assert.ok(
          CONTEXTUAL_TYPES.some((known) => known === type),
          type,
        )
      }
      assert.ok(examplesFor(example.document).includes(example))
      assert.ok(!CANARIES.some((name) => contextualInstructions('', example.document).includes(name)))
    })
  }
})
