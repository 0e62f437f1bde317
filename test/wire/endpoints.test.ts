/** What must hold for every endpoint there is: one suite over the list. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import type { WireObject } from '../../proxy/ports.ts'
import { checkLeaves, ENDPOINTS, LeafError, type WireSlot } from '../../proxy/wire/index.ts'
import { fieldRows, fieldTable } from '../../proxy/wire/table.ts'
import { MARK, markedBodies } from './arbitrary.ts'

/** As a slot's text shows it: JSON text that was not walked shows its escapes. */
const marksIn = (text: string): readonly string[] => text.match(MARK) ?? []

const ALL = ENDPOINTS

for (const endpoint of ALL) {
  const bodies = markedBodies(endpoint.request)
  const parse = (body: object): WireObject => endpoint.parse(JSON.parse(JSON.stringify(body)))

  test(`${endpoint.name}: every text of a random body is in exactly one slot`, () => {
    fc.assert(
      fc.property(bodies, ({ body, marks }) => {
        const seen = endpoint.requestSlots(parse(body)).flatMap((slot) => marksIn(slot.text))
        assert.equal(seen.length, marks)
        assert.equal(new Set(seen).size, marks)
      }),
      { numRuns: 1000 },
    )
  })

  test(`${endpoint.name}: what the slots write is what is sent, also after several walks`, () => {
    fc.assert(
      fc.property(bodies, fc.boolean(), ({ body }, again) => {
        const read = parse(body)
        const slots = endpoint.requestSlots(read)
        if (again) endpoint.estimateTokens(read)
        endpoint.toUpstream(read, 'model-x')
        for (const slot of slots) slot.write(slot.text.replace(MARK, 'PERSON_7KQ2F'))
        checkLeaves(read, slots, endpoint.leafAllowance('model-x'))
        const sent = JSON.stringify(read)
        assert.ok(!sent.includes('§'))
        assert.equal((JSON.parse(sent) as { model: string }).model, 'model-x')
      }),
      { numRuns: 1000 },
    )
  })

  test(`${endpoint.name}: writing every slot back as it was changes nothing`, () => {
    fc.assert(
      fc.property(bodies, ({ body }) => {
        const read = parse(body)
        const before = JSON.stringify(read)
        for (const slot of endpoint.requestSlots(read)) slot.write(slot.text)
        assert.equal(JSON.stringify(read), before)
      }),
    )
  })

  test(`${endpoint.name}: reading what was read gives the same`, () => {
    fc.assert(
      fc.property(bodies, ({ body }) => {
        const once = JSON.stringify(parse(body))
        assert.equal(JSON.stringify(parse(JSON.parse(once))), once)
      }),
    )
  })

  test(`${endpoint.name}: the leaf guard misses no slot that is left out`, () => {
    fc.assert(
      fc.property(bodies, fc.nat(), ({ body }, pick) => {
        const read = endpoint.toUpstream(parse(body), 'model-x')
        const slots = endpoint.requestSlots(read)
        const checked = (some: readonly WireSlot[]): void =>
          checkLeaves(read, some, endpoint.leafAllowance('model-x'))
        checked(slots)
        const marked = slots.filter((slot) => slot.text.includes('§'))
        const missing = marked[pick % Math.max(1, marked.length)]
        if (missing === undefined) return
        assert.throws(
          () => checked(slots.filter((slot) => slot !== missing)),
          (error) => error instanceof LeafError && !error.param.includes('§') && !error.message.includes('§'),
        )
      }),
      { numRuns: 1000 },
    )
  })

  test(`${endpoint.name}: a field that no table names is refused everywhere, or left out when asked`, () => {
    fc.assert(
      fc.property(bodies, ({ body }) => {
        const strange = { ...body, 'x-strange§1§': { deep: '§2§' } }
        assert.throws(() => parse(strange), { code: 'unsupported_field', param: null })
        const lenient = endpoint.parse(JSON.parse(JSON.stringify(strange)), { strictFields: false })
        assert.equal(JSON.stringify(lenient), JSON.stringify(parse(body)))
      }),
      { numRuns: 100 },
    )
  })

  test(`${endpoint.name}: no JSON value at all makes reading do anything but read or refuse`, () => {
    const names = fc.constantFrom(...endpoint.request.fields.keys(), '__proto__', 'constructor', 'x')
    const strange = fc.dictionary(names, fc.jsonValue(), { noNullPrototype: true })
    fc.assert(
      fc.property(fc.oneof(strange, fc.jsonValue()), (value) => {
        try {
          const read = endpoint.parse(value)
          checkLeaves(
            endpoint.toUpstream(read, 'model-x'),
            endpoint.requestSlots(read),
            endpoint.leafAllowance('model-x'),
          )
        } catch (error) {
          assert.equal((error as Error).name, 'WireError')
        }
      }),
      { numRuns: 2000 },
    )
  })

  test(`${endpoint.name}: every field has a row in the table, and no row says nothing`, () => {
    const rows = fieldRows(endpoint)
    for (const name of endpoint.request.fields.keys()) {
      assert.ok(
        rows.some(
          ({ field }) =>
            field === name ||
            field.startsWith(`${name}.`) ||
            field.startsWith(`${name}[`) ||
            field.startsWith(`${name}<`),
        ),
        name,
      )
    }
    assert.ok(rows.every(({ treatment }) => treatment !== ''))
  })
}

test('every endpoint file is in the list', () => {
  const folder = join(import.meta.dirname, '../../proxy/wire')
  const known = ALL.map(({ name }) => name).sort()
  const files = ['chat', 'completions', 'embeddings', 'responses'].filter((name) =>
    readdirSync(folder).includes(`${name}.ts`),
  )
  assert.deepEqual(known, files)
})

test('the table of fields is Markdown with one row per field', () => {
  const table = fieldTable(ALL)
  assert.match(table, /^\| endpoint \| field \| treatment \|\n\| --- \| --- \| --- \|\n/)
  assert.match(
    table,
    /\| `\/v1\/chat\/completions` \| `messages\[\]<role=tool>\.tool_call_id` \| id: numbered anew \|/,
  )
  assert.match(table, /\| `\/v1\/chat\/completions` \| `user` \| left out \|/)
})
