import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { checkSums } from '../../proxy/classify/arithmetic.ts'
import { ANSWER_FEATURES, answerFeatures } from '../../proxy/classify/confidence.ts'
import { confidence } from '../../proxy/classify/index.ts'

const sums: readonly [string, number, number][] = [
  ['5 * 3 = 15', 1, 0],
  ['25 + 2 = 28', 0, 1],
  ['2 + 3 * 4 = 14', 1, 0],
  ['(2 + 3) * 4 = 20', 1, 0],
  ['3 x 7 = 21 eggs', 1, 0],
  ['84 ÷ 12 = 7', 1, 0],
  ['5000 * 2.5/100 = $125', 1, 0],
  ['$1,200 + $300 = $1,500', 1, 0],
  ['20% * 50 = 10', 1, 0],
  ['60 / 7 = 8.57', 1, 0],
  ['10 * (2/3) = 6.67', 1, 0],
  ['-3 + 5 = 2', 1, 0],
  ['she pays 4 + 4 = 8 and 8 - 3 = 6', 1, 1],
  ['1 + 1 = 2 = 3 - 1 = 2', 2, 0],
  ['x = 5', 0, 0],
  ['a + b = 7', 0, 0],
  ['5 = 5', 0, 0],
  ['6 inches = 6 / 12', 0, 0],
  ['(2 + 3 = 5', 0, 0],
  ['1 / 0 = 4', 0, 0],
  ['', 0, 0],
]

describe('sums in a text', () => {
  for (const [text, right, wrong] of sums) {
    it(`are checked in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(checkSums(text), { right, wrong })
    })
  }

  it('cost little in hostile texts', () => {
    for (const unit of ['=', '1+1=', '(((((', '1+', '-', '(1+', '=1=']) {
      const started = process.cpuUsage()
      checkSums(unit.repeat(8192 / unit.length))
      assert.ok(process.cpuUsage(started).user < 1_000_000, unit)
    }
  })
})

describe('confidence in a local answer', () => {
  const question = 'A box holds 12 eggs. Claire eats 3 eggs a day. How many boxes does she need for 4 weeks?'
  const right =
    'She eats 3 * 7 = 21 eggs a week. In 4 weeks she eats 21 * 4 = 84 eggs. That is 84 / 12 = 7 boxes.'
  const wrong =
    "However, let's assume she eats about 3 * 7 = 20 eggs. Approximately 20 * 4 = 86, so 86 / 12 = 7.1666 boxes, which actually"

  it('is higher for sums that add up than for hedged ones that do not', () => {
    assert.ok(confidence(question, right) > confidence(question, wrong) + 0.2)
  })

  it('is lower for an answer that repeats itself', () => {
    assert.ok(
      confidence(question, `${right} ${'She eats eggs again and again. '.repeat(40)}`) <
        confidence(question, right),
    )
  })

  it('is low for answers that say they are none, in eight languages', () => {
    for (const answer of [
      "I'm sorry, I can’t help with that.",
      "I don't know.",
      'Das kann ich leider nicht sagen.',
      'Je ne sais pas.',
      'Lo siento, no tengo esa información.',
      'Mi dispiace, non posso rispondere.',
      'Desculpe, não sei.',
      'Ik weet het niet.',
      'Przykro mi, nie wiem.',
    ]) {
      assert.ok(confidence('Explain how TCP slow start works.', answer) <= 0.2, answer)
    }
  })

  it('is not lowered by words of a refusal inside an answer', () => {
    const answer =
      'Write: "Dear Ada, thank you for your letter. We will get back to you on Monday. Kind regards, Ben."'
    assert.ok(confidence('Write a short reply to a letter.', answer) > 0.5)
    const long = `${'The window grows by one segment for each acknowledgement. '.repeat(12)} I do not know more.`
    assert.ok(confidence('Explain how TCP slow start works.', long) > 0.2)
  })

  it('follows how sure the model was of its words', () => {
    const [sure, unsure] = [-0.01, -1].map((logprob) => confidence(question, right, [logprob, logprob]))
    assert.ok((sure ?? 0) >= confidence(question, right))
    assert.ok((unsure ?? 1) < confidence(question, right))
  })

  it('is nothing for an empty answer', () => {
    assert.equal(confidence(question, ' \n'), 0)
  })

  it('stays between 0 and 1, whatever the texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (asked, answer) => {
        const value = confidence(asked, answer)
        assert.ok(value >= 0 && value <= 1)
        const features = answerFeatures(asked, answer)
        assert.equal(features.length, ANSWER_FEATURES.length)
        assert.ok(features.every(Number.isFinite))
      }),
      { numRuns: 300 },
    )
  })

  it('costs little for 4 MB of anything', () => {
    for (const unit of ['a ', '1 ', '1,', '1+1=', '.', 'however ', "i can't "]) {
      const long = unit.repeat(Math.ceil(4_000_000 / unit.length))
      const started = process.cpuUsage()
      confidence(long, long)
      assert.ok(process.cpuUsage(started).user < 1_500_000, unit)
    }
  })
})
