/** Scores of different kinds on one scale: what each promises to gain. */
import type { Answered } from '../train/classify/figures.ts'
import { foldsOf } from './folds.ts'

const FOLDS = 10

/**
 * The gain in right answers that every score promises, by a straight line through the answers of the other nine folds;
 * so that one threshold can hold for scores of different kinds. Folds by chance from the seed.
 */
export function expectedGains(
  scores: readonly number[],
  answers: readonly Answered[],
  seed: number,
): readonly number[] {
  const folds = foldsOf(
    scores.map((_, i) => i),
    FOLDS,
    seed,
  )
  const lines = Array.from({ length: FOLDS }, (_, fold) => {
    const others = scores.map((_score, i) => i).filter((i) => folds[i] !== fold)
    return lineThrough(
      others.map((i) => scores[i] ?? 0),
      others.map((i) => Number(answers[i]?.strong === true) - Number(answers[i]?.weak === true)),
    )
  })
  return scores.map((score, i) => {
    const { slope = 0, offset = 0 } = lines[folds[i] ?? 0] ?? {}
    return offset + slope * score
  })
}

/** Least squares; level where all scores are the same. */
function lineThrough(xs: readonly number[], ys: readonly number[]): { slope: number; offset: number } {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  const [middle, height] = [mean(xs), mean(ys)]
  const spread = mean(xs.map((x) => (x - middle) ** 2))
  const together = mean(xs.map((x, i) => (x - middle) * ((ys[i] ?? 0) - height)))
  const slope = spread === 0 ? 0 : together / spread
  return { slope, offset: height - slope * middle }
}
