import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import {
  frame,
  openSegmentFolder,
  parseSegmentName,
  readSegment,
  segmentName,
} from '../../proxy/audit/segment.ts'

const record = fc.json().map((text) => text.replaceAll('\n', ' '))
const writer = '0123456789abcdef0123456789abcdef'

function segmentOf(records: readonly string[]): Buffer {
  return frame(0, records)
}

describe('a segment', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.array(record), (records) => {
        const content = readSegment(segmentOf(records))
        assert.deepEqual(content, {
          records: records.map((text, position) => ({ position, record: text })),
          isDamaged: false,
        })
      }),
    )
  })

  it('cut anywhere, gives back whole records only, and is not called damaged', () => {
    const records = ['{"a":1}', '{"b":"ü😀"}', '{"c":[1,2,3]}']
    const bytes = segmentOf(records)
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const content = readSegment(bytes.subarray(0, cut))
      const whole = records.filter((_, i) => segmentOf(records.slice(0, i + 1)).length <= cut)
      assert.deepEqual(
        content.records.map((framed) => framed.record),
        whole,
      )
      assert.equal(content.isDamaged, false)
    }
  })

  it('changed anywhere, gives back no record that was not written', () => {
    const records = ['{"a":1}', '{"b":"ü😀"}', '{"c":[1,2,3]}', '{"d":null}']
    const bytes = segmentOf(records)
    const whole = readSegment(bytes).records
    for (let at = 0; at < bytes.length; at += 1) {
      for (const flip of [1, 0x80, 0x2a]) {
        const changed = Buffer.from(bytes)
        changed.writeUInt8((changed[at] ?? 0) ^ flip, at)
        for (const framed of readSegment(changed).records) {
          assert.ok(
            whole.some((known) => known.position === framed.position && known.record === framed.record),
            `byte ${at}`,
          )
        }
      }
    }
  })

  it('is called damaged when a record follows what cannot be read', () => {
    const text = `${frame(0, ['{}'])}garbage\n${frame(2, ['{"x":1}'])}`
    assert.deepEqual(readSegment(Buffer.from(text)), {
      records: [
        { position: 0, record: '{}' },
        { position: 2, record: '{"x":1}' },
      ],
      isDamaged: true,
    })
    assert.equal(readSegment(Buffer.from(`${frame(0, ['{}'])}garbage\n`)).isDamaged, false)
  })

  it('skips blank lines, and survives bytes that are no text', () => {
    assert.equal(readSegment(Buffer.from(`${' '.repeat(100)}\n\n${frame(0, ['{}'])}`)).records.length, 1)
    fc.assert(fc.property(fc.uint8Array(), (bytes) => readSegment(Buffer.from(bytes)).records.length === 0))
  })

  it('has a name that sorts by age and names its writer', () => {
    assert.deepEqual(parseSegmentName(segmentName(42, writer)), { ordinal: 42, writer })
    assert.ok(segmentName(9, writer) < segmentName(10, writer))
    for (const name of ['x.wal', `${segmentName(1, writer)}.damaged`, `1-${writer}.wal`]) {
      assert.equal(parseSegmentName(name), null, name)
    }
  })
})

describe('the folder of segments', () => {
  let dir: string
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cloakroom-wal-'))
  })
  after(() => rm(dir, { recursive: true, force: true }))

  it('is private, and keeps, cuts, lists and removes files', async () => {
    const path = join(dir, 'audit')
    const folder = await openSegmentFolder(path)
    const [a, b] = [segmentName(1, writer), segmentName(2, writer)]
    const file = await folder.create(b)
    await (await folder.create(a)).close()
    await file.append(Buffer.from('12345'))
    await file.append(Buffer.from('67'))
    await file.truncate(5)
    await file.append(Buffer.from('8'))
    await file.sync()
    await file.close()
    await writeFile(join(path, 'note.txt'), '')
    assert.deepEqual(await folder.list(), [a, b])
    assert.equal((await folder.read(b)).toString(), '123458')
    assert.equal((await stat(path)).mode & 0o777, 0o700)
    assert.equal((await stat(join(path, b))).mode & 0o777, 0o600)
    await assert.rejects(folder.create(b), { code: 'EEXIST' })
    await folder.remove(b)
    await folder.remove(b)
    await folder.setAside(a)
    assert.deepEqual(await folder.list(), [])
    assert.deepEqual((await readdir(path)).sort(), [`${a}.damaged`, 'note.txt'])
  })
})
