/** Figures by which a classifier is judged. */

/** Area under the ROC curve: the chance that a positive scores above a negative; ties count half. */
export function areaUnderRoc(scores: readonly number[], isPositive: readonly boolean[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0))
  let positives = 0
  let rankSum = 0
  for (let start = 0; start < order.length; ) {
    let end = start
    while (end < order.length && scores[order[end] ?? 0] === scores[order[start] ?? 0]) end++
    const rank = (start + end + 1) / 2
    for (let i = start; i < end; i++) {
      if (isPositive[order[i] ?? 0] !== true) continue
      positives++
      rankSum += rank
    }
    start = end
  }
  const negatives = order.length - positives
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/** Whether a weak and a strong model answered right. */
export interface Answered {
  readonly weak: boolean
  readonly strong: boolean
}

/**
 * Average performance gap recovered: the area between the quality of routing by `scores` (higher: strong) and of the
 * weak model alone, over all shares of strong calls, as a part of the gap. Random routing gives 0.5. Ties are
 * averaged. Source: RouteLLM, Ong et al. 2024.
 */
export function averageGapRecovered(scores: readonly number[], answers: readonly Answered[]): number {
  const n = scores.length
  const weak = answers.filter((one) => one.weak).length / n
  const strong = answers.filter((one) => one.strong).length / n
  const order = scores.map((_, i) => i).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
  let quality = weak
  let area = 0
  for (let start = 0; start < n; ) {
    let end = start
    let gain = 0
    while (end < n && scores[order[end] ?? 0] === scores[order[start] ?? 0]) {
      const answered = answers[order[end] ?? 0]
      gain += Number(answered?.strong === true) - Number(answered?.weak === true)
      end++
    }
    const next = quality + gain / n
    area += ((quality + next) / 2) * ((end - start) / n)
    quality = next
    start = end
  }
  return (area - weak) / (strong - weak)
}

/** Of what was flagged, how much was right; of what is there, how much was flagged. */
export function precisionRecall(
  scores: readonly number[],
  isPositive: readonly boolean[],
  threshold: number,
): { readonly precision: number; readonly recall: number; readonly falseAlarms: number } {
  let hits = 0
  let flagged = 0
  let positives = 0
  for (const [i, score] of scores.entries()) {
    if (isPositive[i]) positives++
    if (score < threshold) continue
    flagged++
    if (isPositive[i]) hits++
  }
  return {
    precision: flagged === 0 ? 1 : hits / flagged,
    recall: positives === 0 ? 1 : hits / positives,
    falseAlarms: (flagged - hits) / Math.max(1, scores.length - positives),
  }
}
