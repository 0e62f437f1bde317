import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { areaUnderRoc, averageGapRecovered, precisionRecall } from '../../bench/train/classify/figures.ts'
import { fit, fitMonotone, link, logits } from '../../bench/train/classify/fit.ts'

describe('the figures of the training script', () => {
  it('give the area under the ROC curve, ties by half', () => {
    assert.equal(areaUnderRoc([1, 2, 3, 4], [false, false, true, true]), 1)
    assert.equal(areaUnderRoc([4, 3, 2, 1], [false, false, true, true]), 0)
    assert.equal(areaUnderRoc([1, 1, 1, 1], [false, true, false, true]), 0.5)
    assert.equal(areaUnderRoc([1, 2, 2, 3], [false, false, true, true]), 0.875)
  })

  it('give half of the gap to a router that does not know', () => {
    const answers = Array.from({ length: 1000 }, (_, i) => ({ weak: i % 2 === 0, strong: true }))
    const constant = answers.map(() => 1)
    assert.ok(Math.abs(averageGapRecovered(constant, answers) - 0.5) < 1e-9)
    const oracle = answers.map(({ weak }) => Number(!weak))
    assert.ok(Math.abs(averageGapRecovered(oracle, answers) - 0.75) < 1e-9)
  })

  it('give precision and recall', () => {
    assert.deepEqual(precisionRecall([0.9, 0.8, 0.1, 0.95], [true, false, true, false], 0.5), {
      precision: 1 / 3,
      recall: 0.5,
      falseAlarms: 1,
    })
  })
})

describe('the models of the training script', () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({
    features: Uint32Array.of(i % 3),
    values: Float32Array.of(1),
  }))

  it('learn what separates three classes', () => {
    const model = fit(
      rows,
      (i, into) => {
        into.fill(0)
        into[i % 3] = 1
      },
      () => 1,
      { size: 3, outputs: 3, epochs: 20, rate: 0.5, decay: 0, seed: 1 },
    )
    const scores = new Float64Array(3)
    for (const i of [0, 1, 2]) {
      const row = rows[i]
      assert.ok(row)
      logits(model, row, scores)
      link(scores)
      assert.ok((scores[i] ?? 0) > 0.8)
    }
  })

  it('never let a feature of a monotone model lower the output', () => {
    const values = Array.from({ length: 100 }, (_, i) => [i / 100, 1 - i / 100])
    const targets = values.map((_, i) => Number(i >= 50))
    const { weights } = fitMonotone(
      values,
      targets,
      values.map(() => 1),
      { steps: 200, rate: 1, decay: 0 },
    )
    assert.ok((weights[0] ?? 0) > 1)
    assert.equal(weights[1], 0)
  })

  it('say what is missing when there is no data', () => {
    const script = join(import.meta.dirname, '../../bench/train/classify.ts')
    const run = spawnSync(process.execPath, ['--import', 'tsx', script, '--data', '/nowhere'], {
      encoding: 'utf8',
    })
    assert.equal(run.status, 2)
    assert.match(run.stderr, /there is no folder \/nowhere/)
    assert.match(run.stderr, /missing\s+routellm_mmlu\.jsonl\s+lm-sys\/RouteLLM, Apache-2\.0/)
  })
})
