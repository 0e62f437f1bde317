/**
 * What could be known of a question before anybody answers it, and how far it would get: bounds for every score of
 * prompts. None of it is shipped: it knows marks, or learns the benchmark it is measured on.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CLIP } from '../../proxy/classify/model.ts'
import type { Example } from '../train/classify/corpus.ts'
import type { Answered } from '../train/classify/figures.ts'
import { fit, link, logits, type Row } from '../train/classify/fit.ts'
import { type Prepared, prepare } from '../train/classify/heads.ts'
import { foldsOf, twinGroups } from './folds.ts'

/** A score per question, by which the highest go to the strong model. */
export interface Scored {
  readonly name: string
  readonly answers: readonly Answered[]
  readonly scores: readonly number[]
}

const FOLDS = 10
const SEED = 1
/** How many questions of the average a group is taken to have had before. */
const PRIOR = 10

function gainOf({ weak, strong }: Answered): number {
  return Number(strong) - Number(weak)
}

/** All bounds on MMLU and MMLU-Pro. `mmlu` are the examples that both models answered. */
export function ceilings(folder: string, mmlu: readonly Example[]): readonly Scored[] {
  const answers = mmlu.map(({ answered }) => answered ?? { weak: false, strong: false })
  const gains = answers.map(gainOf)
  const subjects = mmlu.map(({ group }) => group)
  const folds = foldsOf(twinGroups(mmlu.map(({ text }) => text)), FOLDS, SEED)
  const prepared = mmlu.map(prepare)
  const named = (name: string, scores: readonly number[]): Scored => ({ name, answers, scores })
  return [
    named('MMLU: both marks known', gains),
    named(
      'MMLU: known whether the weak answer is right',
      answers.map(({ weak }) => -Number(weak)),
    ),
    named('MMLU: the gain of each subject known', groupMeans(subjects, gains)),
    named('MMLU: the gain of each subject learnt, ten folds', groupMeans(subjects, gains, folds)),
    named('MMLU: words learnt, ten folds', learntGains(rowsOf(prepared), answers, folds)),
    named(
      'MMLU: words and named subject learnt, ten folds',
      learntGains(rowsOf(prepared, subjects), answers, folds),
    ),
    ...marksOfOthers(folder, mmlu, folds),
  ]
}

/**
 * The mean gain of everybody's group, drawn towards the mean of all. With folds, of the group's members in the other
 * folds alone.
 */
export function groupMeans(
  groups: readonly string[],
  gains: readonly number[],
  folds: readonly number[] = [],
): readonly number[] {
  const total = { sum: 0, n: 0 }
  const sums = new Map<string, { sum: number; n: number }>()
  const add = (key: string, gain: number): void => {
    const known = sums.get(key) ?? { sum: 0, n: 0 }
    sums.set(key, { sum: known.sum + gain, n: known.n + 1 })
  }
  for (const [i, group] of groups.entries()) {
    const gain = gains[i] ?? 0
    total.sum += gain
    total.n++
    add(group, gain)
    if (folds.length > 0) add(`${folds[i]} ${group}`, gain)
  }
  const mean = total.sum / Math.max(1, total.n)
  return groups.map((group, i) => {
    const all = sums.get(group) ?? { sum: 0, n: 0 }
    const own = folds.length > 0 ? sums.get(`${folds[i]} ${group}`) : undefined
    const [sum, n] = [all.sum - (own?.sum ?? 0), all.n - (own?.n ?? 0)]
    return (sum + PRIOR * mean) / (n + PRIOR)
  })
}

const BUCKETS = 2 ** 17
/** Words that stand in fewer questions say nothing. */
const MIN_QUESTIONS = 3

/** Rows to learn from, and how many features they have. */
interface Rows {
  readonly rows: readonly Row[]
  readonly size: number
}

/** Words, pairs of words and surface features; with `subjects`, what nobody tells a proxy as well. */
function rowsOf(all: readonly Prepared[], subjects: readonly string[] = []): Rows {
  const frequency = new Map<number, number>()
  for (const { counts } of all) {
    for (const hash of counts.keys()) frequency.set(hash, (frequency.get(hash) ?? 0) + 1)
  }
  const dense = scaledFeatures(all)
  const names = [...new Set(subjects)]
  const width = dense[0]?.length ?? 0
  const rows = all.map(({ counts }, i) => {
    const words = [...counts.keys()].filter((hash) => (frequency.get(hash) ?? 0) >= MIN_QUESTIONS)
    const rarity = words.map((hash) => Math.log(all.length / (frequency.get(hash) ?? 1)))
    const norm = Math.sqrt(rarity.reduce((sum, value) => sum + value * value, 1))
    const features = [...words.map((hash) => hash % BUCKETS), ...(dense[i] ?? []).map((_, f) => BUCKETS + f)]
    const values = [...rarity.map((value) => value / norm), ...(dense[i] ?? []).map((value) => value * 0.1)]
    const subject = names.indexOf(subjects[i] ?? '')
    if (subject >= 0) {
      features.push(BUCKETS + width + subject)
      values.push(0.5)
    }
    return { features: Uint32Array.from(features), values: Float32Array.from(values) }
  })
  return { rows, size: BUCKETS + width + names.length }
}

function scaledFeatures(all: readonly Prepared[]): readonly (readonly number[])[] {
  const width = all[0]?.features.length ?? 0
  const columns = Array.from({ length: width }, (_, f) => all.map(({ features }) => features[f] ?? 0))
  const scaled = columns.map((column) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length
    const square = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length
    return column.map((value) => Math.max(-CLIP, Math.min(CLIP, (value - mean) / Math.sqrt(square + 1e-6))))
  })
  return all.map((_, i) => scaled.map((column) => column[i] ?? 0))
}

/** The expected gain: chance that the strong model alone is right, less that the weak one alone is. */
function learntGains(
  { rows, size }: Rows,
  answers: readonly Answered[],
  folds: readonly number[],
): readonly number[] {
  const options = { size, outputs: 3, epochs: 3, rate: 0.03, decay: 1e-4, seed: SEED }
  const target = (i: number, into: Float64Array): void => {
    into.fill(0)
    into[gainOf(answers[i] ?? { weak: false, strong: false }) + 1] = 1
  }
  const gains = new Array<number>(rows.length).fill(0)
  const scores = new Float64Array(3)
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = fit(rows, target, (i) => Number(folds[i] !== fold), options)
    for (const [i, row] of rows.entries()) {
      if (folds[i] !== fold) continue
      logits(model, row, scores)
      link(scores)
      gains[i] = (scores[2] ?? 0) - (scores[0] ?? 0)
    }
  }
  return gains
}

/** A question of MMLU-Pro with the marks of eight models. */
interface Marked {
  readonly prompt: string
  readonly src: string
  readonly correct: Readonly<Record<string, boolean>>
}

/** A model of local size and a strong one, of those that answered MMLU-Pro. */
const PRO_PAIR = { weak: 'mixtral8x7b', strong: 'llama31_70b' } as const

/** What is known once other models have answered the very same question: more than its text could ever say. */
function marksOfOthers(
  folder: string,
  mmlu: readonly Example[],
  folds: readonly number[],
): readonly Scored[] {
  const marked = readFileSync(join(folder, 'mmlupro_models.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Marked)
  const byQuestion = new Map(marked.map((one) => [questionOf(one.prompt), one]))
  const same = mmlu.flatMap((example, i) => {
    const correct = byQuestion.get(questionOf(example.text))?.correct
    const { answered } = example
    return correct === undefined || answered === undefined ? [] : [{ answered, correct, fold: folds[i] ?? 0 }]
  })
  const pro = marked.filter(({ src }) => !src.startsWith('ori_mmlu'))
  const { weak, strong } = PRO_PAIR
  return [
    fromMarks(
      'MMLU: marks of eight other models on the same question, ten folds',
      same.map(({ answered }) => answered),
      same.map(({ correct }) => Object.values(correct)),
      same.map(({ fold }) => fold),
    ),
    fromMarks(
      'MMLU-Pro: marks of the six other models on the same question, ten folds',
      pro.map(({ correct }) => ({ weak: correct[weak] === true, strong: correct[strong] === true })),
      pro.map(({ correct }) => {
        const others = Object.entries(correct).filter(([name]) => name !== weak && name !== strong)
        return others.map(([, isRight]) => isRight)
      }),
      foldsOf(twinGroups(pro.map(({ prompt }) => prompt)), FOLDS, SEED),
    ),
  ]
}

/** Learns from who was right: each mark, and how many there are, since neither only adds up. */
function fromMarks(
  name: string,
  answers: readonly Answered[],
  marks: readonly (readonly boolean[])[],
  folds: readonly number[],
): Scored {
  const models = marks[0]?.length ?? 0
  const rows = marks.map((own) => {
    const right = own.flatMap((isRight, model) => (isRight ? [model] : []))
    return {
      features: Uint32Array.from([...right, models + right.length]),
      values: new Float32Array(right.length + 1).fill(1),
    }
  })
  return { name, answers, scores: learntGains({ rows, size: 2 * models + 1 }, answers, folds) }
}

/** A question without its options, which the two sets number differently. */
function questionOf(prompt: string): string {
  const end = prompt.indexOf('\nA. ')
  return prompt
    .slice(0, end < 0 ? prompt.length : end)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
