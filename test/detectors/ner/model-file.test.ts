import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ModelFileError, readModel } from '../../../detectors/ner/model-file.ts'

const file = readFileSync(new URL('../../../detectors/data/ner-model.bin', import.meta.url))

test('the shipped model can be read', () => {
  const model = readModel(file)
  assert.ok(model.weights.length > 2 ** model.weightBits)
  assert.ok(model.scale > 0)
})

function withEntries(count: number): Uint8Array {
  const changed = Buffer.from(file)
  changed.writeUInt32LE(count, 12)
  return changed
}

const DAMAGED: readonly { name: string; bytes: Uint8Array }[] = [
  { name: 'empty', bytes: new Uint8Array(0) },
  { name: 'another format', bytes: new TextEncoder().encode('{"not": "a model", "of": "this version"}') },
  { name: 'cut off', bytes: file.subarray(0, file.length / 2) },
  { name: 'only a header', bytes: file.subarray(0, 32) },
  { name: 'a header that claims less than there is', bytes: withEntries(1000) },
  { name: 'a header that claims more than there is', bytes: withEntries(2_000_000) },
  { name: 'a header that claims more than any model has', bytes: withEntries(0xffffffff) },
]

for (const { name, bytes } of DAMAGED) {
  test(`a file that is no model is refused: ${name}`, () => {
    assert.throws(() => readModel(bytes), ModelFileError)
  })
}
