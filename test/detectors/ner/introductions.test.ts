/** Names that a text introduces, in scripts without capitals. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { introducedNames } from '../../../detectors/ner/introductions.ts'
import { cpuMs } from '../../restore/support.ts'

const found = (text: string) => introducedNames(text).map(({ start, end }) => text.slice(start, end))

for (const [text, names] of [
  ['اسمي أحمد الخطيب ورقم هاتفي 0501234567', ['أحمد الخطيب']],
  ['قال السيد محمود درويش إن الاجتماع تأجل', ['محمود درويش']],
  ['نام من رضا کریمی است و در تهران زندگی می‌کنم', ['رضا کریمی']],
  ['שמי דניאל כהן ואני גר בחיפה', ['דניאל כהן']],
  ['मेरा नाम राहुल शर्मा है और मेरा फोन 98765 43210 है', ['राहुल शर्मा']],
  ['제 이름은 김민준입니다.', ['김민준']],
  ['私の名前は田中花子です。', ['田中花子']],
  ['私は佐藤健と申します。', ['佐藤健']],
  ['我叫王小明，住在北京。', ['王小明']],
  ['ผมชื่อสมชาย ใจดี', ['สมชาย ใจดี']],
  ['ملف التقرير في المجلد', []],
  ['फ़ाइल का नाम बदलें', []],
  ['文件名叫什么', []],
  ['ชื่อไฟล์คืออะไร', []],
  ['My name is Ada.', []],
] as const) {
  test(`introduces ${names.length} names: ${text}`, () => {
    assert.deepEqual(found(text), names)
  })
}

test('the search is linear', () => {
  for (const piece of ['اسمي ', 'اسمي أ', 'मेरा नाम ', 'मेरा नाम क ', '名前は田', 'שמי ד ', '我叫', 'ผมชื่อก']) {
    const cost = (length: number) => {
      const text = piece.repeat(length / piece.length)
      return cpuMs(() => introducedNames(text))
    }
    cost(20_000)
    const small = Math.max(cost(20_000), 2)
    assert.ok(cost(80_000) < small * 16, piece)
  }
})
