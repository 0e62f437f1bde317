/** What is replaced in a request comes back from an answer that repeats it: for random bodies, cut at random. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Finding } from '../../detectors/index.ts'
import type { WireObject } from '../../proxy/ports.ts'
import { chatEndpoint, checkLeaves, ENDPOINTS, type Endpoint, parseJsonText } from '../../proxy/wire/index.ts'
import { createLanes, createRestorer, createVault, sanitise, type Vault } from '../../restore/index.ts'
import { chatEvents } from '../support/fake-cloud.ts'
import { markedBodies } from './arbitrary.ts'

/** What makes escaping and cutting hard; a tail never holds the signs that a value begins and ends with. */
const TAILS = [
  '',
  ' O\'Brien "Zed"',
  '\\',
  '\n\t',
  '\u{1f600}é',
  '\\"\\\\n',
  '</p>&amp;',
  '_7KQ2F',
  '\u0000\u2028',
]
const value = (number: number): string => `§${number}§${TAILS[number % TAILS.length]}¤`
const VALUE = /§[0-9]+§[^¤]*¤/g
const ENTITIES = ['PERSON', 'EMAIL', 'ORG', 'CREDIT_CARD', 'PROJECT_X']

function findingsIn(text: string): readonly Finding[] {
  return [...text.matchAll(VALUE)].map((match) => ({
    entity: ENTITIES[Number(/[0-9]+/.exec(match[0])?.[0]) % ENTITIES.length] ?? 'PERSON',
    span: { start: match.index, end: match.index + match[0].length },
    score: 1,
    recogniser: 'test',
  }))
}

interface Replaced {
  readonly vault: Vault
  /** The body as it was read, and as it leaves. */
  readonly before: string
  readonly after: string
  /** Each text, before and after. */
  readonly texts: readonly (readonly [string, string])[]
}

function replace(endpoint: Endpoint, raw: object): Replaced {
  const body = endpoint.parse(JSON.parse(JSON.stringify(raw)))
  const slots = endpoint.requestSlots(body)
  const before = JSON.stringify(body)
  const originals = slots.map(({ text }) => text)
  const vault = createVault({ key: new Uint8Array(32), scope: 'test' })
  const outbound = sanitise(
    body,
    slots.map((slot) => ({ slot, findings: findingsIn(slot.text) })),
    vault,
  )
  checkLeaves(outbound, slots, endpoint.leafAllowance('cloakroom-auto'))
  const texts = slots.map(({ place, part }, index): [string, string] => [
    originals[index] ?? '',
    String(part === 'name' ? place.key : place.holder[place.key]),
  ])
  return { vault, before, after: JSON.stringify(outbound), texts }
}

/** Runs a text through in pieces that `cuts` (numbers from 0 to 1) say. */
function inPieces(text: string, cuts: readonly number[], push: (piece: string) => string): string {
  const places = [...cuts.map((cut) => Math.floor(cut * text.length)), text.length].sort((a, b) => a - b)
  let out = ''
  let from = 0
  for (const place of places) {
    out += push(text.slice(from, place))
    from = place
  }
  return out
}

const CUTS = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 })

for (const endpoint of ENDPOINTS) {
  test(`${endpoint.path}: every text of a random body leaves without its values and comes back`, () => {
    fc.assert(
      fc.property(markedBodies(endpoint.request, value), CUTS, ({ body }, cuts) => {
        const { vault, after, texts } = replace(endpoint, body)
        assert.doesNotMatch(after, /§|¤/)
        for (const [original, sent] of texts) {
          const restorer = createRestorer(vault, { allowedHosts: 'any' })
          assert.equal(inPieces(sent, cuts, (piece) => restorer.push(piece)) + restorer.end(), original)
        }
      }),
      { numRuns: 150 },
    )
  })

  test(`${endpoint.path}: a random body that is given back as JSON is the body again`, () => {
    fc.assert(
      fc.property(markedBodies(endpoint.request, value), CUTS, ({ body }, cuts) => {
        // Half a JSON text inside a string is text here, and may be taken for JSON on the way back.
        fc.pre(!hasBrokenJson(body))
        const { vault, before, after } = replace(endpoint, body)
        const restorer = createRestorer(vault, { json: 1, allowedHosts: 'any' })
        const restored = inPieces(after, cuts, (piece) => restorer.push(piece)) + restorer.end()
        assert.deepEqual(JSON.parse(restored), JSON.parse(before))
      }),
      { numRuns: 150 },
    )
  })
}

function hasBrokenJson(body: unknown): boolean {
  if (typeof body === 'string')
    return body.startsWith('{') && parseJsonText(body, { depth: 64 }) === undefined
  if (typeof body !== 'object' || body === null) return false
  return Object.values(body).some(hasBrokenJson)
}

test('a random body comes back through a stream of events, as text and as arguments, in pieces of any size', () => {
  fc.assert(
    fc.property(
      markedBodies(chatEndpoint.request, value),
      fc.integer({ min: 1, max: 60 }),
      ({ body }, length) => {
        fc.pre(!hasBrokenJson(body))
        const { vault, before, after, texts } = replace(chatEndpoint, body)
        const said = texts.map(([, sent]) => sent).join('\n')
        const message = { content: said, toolCalls: [{ name: 'f', arguments: after }] }
        const asked: WireObject = chatEndpoint.parse({
          model: 'm',
          stream: true,
          messages: [{ role: 'user', content: 'x' }],
        })
        const stream = chatEndpoint.openStream(asked)
        const lanes = createLanes(vault, { allowedHosts: 'any' })
        let content = ''
        let called = ''
        for (const data of chatEvents('m', [message], false, length)) {
          const step = stream.push(data)
          for (const slot of step.slots) slot.write(lanes.restore(slot))
          for (const event of step.events) {
            const [choice] = event.data.choices as {
              delta: { content?: string; tool_calls?: { function?: { arguments?: string } }[] }
            }[]
            content += choice?.delta.content ?? ''
            called += choice?.delta.tool_calls?.[0]?.function?.arguments ?? ''
          }
        }
        assert.equal(content, texts.map(([original]) => original).join('\n'))
        assert.deepEqual(JSON.parse(called), JSON.parse(before))
      },
    ),
    { numRuns: 100 },
  )
})
