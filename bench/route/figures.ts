/** Figures of routers: which part of the gap between two models they recover, and for how many calls of the strong one. */
import type { Answered } from '../train/classify/figures.ts'

/** Quality after sending the `share` highest scores to the strong model; ties are averaged. */
interface Point {
  readonly share: number
  readonly quality: number
}

/** Quality over the share of strong calls, from none to all. */
export function qualityCurve(scores: readonly number[], answers: readonly Answered[]): readonly Point[] {
  const n = scores.length
  const order = scores.map((_, i) => i).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
  let right = answers.filter(({ weak }) => weak).length
  const points: Point[] = [{ share: 0, quality: right / n }]
  for (let start = 0; start < n; ) {
    let end = start
    while (end < n && scores[order[end] ?? 0] === scores[order[start] ?? 0]) {
      const one = answers[order[end] ?? 0]
      right += Number(one?.strong === true) - Number(one?.weak === true)
      end++
    }
    points.push({ share: end / n, quality: right / n })
    start = end
  }
  return points
}

/**
 * Smallest share of strong calls with which `part` of the gain is reached, between points by a straight line; 1 where
 * it never is. Source: CPT of RouteLLM, Ong et al. 2024.
 */
export function callShareFor(part: number, scores: readonly number[], answers: readonly Answered[]): number {
  const points = qualityCurve(scores, answers)
  const weak = points[0]?.quality ?? 0
  const strong = points.at(-1)?.quality ?? 0
  const wanted = weak + part * (strong - weak)
  for (let i = 1; i < points.length; i++) {
    const before = points[i - 1]
    const here = points[i]
    if (before === undefined || here === undefined || here.quality < wanted) continue
    if (before.quality >= wanted) return before.share
    const way = (wanted - before.quality) / (here.quality - before.quality)
    return before.share + (here.share - before.share) * way
  }
  return 1
}
