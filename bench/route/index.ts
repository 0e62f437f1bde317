/** Measures routing: the judge of local drafts, the score of prompts, and the cascade of both, on what they did not see. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { confidenceOf } from '../../proxy/classify/confidence.ts'
import { classify } from '../../proxy/classify/index.ts'
import { readModel } from '../../proxy/classify/model.ts'
import { trainAnswer } from '../train/classify/answers.ts'
import { type Example, loadCorpus, missingFiles } from '../train/classify/corpus.ts'
import { type Answered, areaUnderRoc, averageGapRecovered } from '../train/classify/figures.ts'
import { randomSource, shuffled } from '../train/classify/fit.ts'
import { type Prepared, prepare, trainPromptModel } from '../train/classify/heads.ts'
import { ceilings } from './ceiling.ts'
import { callShareFor } from './figures.ts'
import { expectedGains } from './pool.ts'

/** One line for the list of benchmarks. */
export const about = 'how much of a strong model’s gain routing recovers, and for how many calls'

const USAGE = `npm run bench -- route --data DIR [options]
  --data DIR   holds the JSONL files that bench/train/classify/corpus.ts reads (or CLOAKROOM_DATA)
  --prompts    also the prompt score, by four training runs without the data measured on: five minutes
  --bounds     also how far any score of prompts could get: a minute
  --out FILE   where the JSON goes (default: bench/results/route.json)`

const FOLDS = 10
const SEEDS = [1, 2, 3] as const
/** Borders of the bands and the confidence asked for, as in the shipped policy. */
const SHIPPED = { judgedFrom: 0.3, cloudFrom: 0.62, confidence: 0.5 } as const
/** Subjects of MMLU whose marks are artefacts of how they were asked. */
const ARTEFACTS = ['high_school_mathematics', 'moral_scenarios']

type Values = Readonly<Record<string, number>>
interface Row {
  readonly name: string
  readonly n: number
  readonly values: Values
}

/** Runs the benchmark; 0 when it ran, 2 on wrong usage. */
export function run(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string', default: process.env.CLOAKROOM_DATA ?? '' },
      prompts: { type: 'boolean', default: false },
      bounds: { type: 'boolean', default: false },
      out: { type: 'string', default: join(import.meta.dirname, '../results/route.json') },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help || values.data === '') {
    console.log(USAGE)
    return values.help ? 0 : 2
  }
  const missing = missingFiles(values.data)
  if (missing.length > 0) {
    console.error(`the folder lacks ${missing.join(', ')}`)
    return 2
  }
  const examples = loadCorpus(values.data)
  const rows = [
    ...judgeRows(examples),
    ...(values.bounds ? boundRows(values.data, examples) : []),
    ...(values.prompts ? promptRows(examples) : []),
  ]
  for (const row of rows) console.log(render(row))
  mkdirSync(dirname(values.out), { recursive: true })
  writeFileSync(values.out, `${JSON.stringify(rows, null, 2)}\n`)
  return 0
}

function render({ name, n, values }: Row): string {
  const parts = Object.entries(values).map(([key, value]) => `${key} ${value.toFixed(3)}`)
  return `${name} (${n}): ${parts.join(', ')}`
}

/** Figures of a score by which the highest go to the strong model. */
function routing(name: string, examples: readonly Example[], scores: readonly number[]): Row {
  return routingRow(name, answersOf(examples), scores)
}

function answersOf(examples: readonly Example[]): readonly Answered[] {
  return examples.map(({ answered }) => answered ?? { weak: false, strong: false })
}

function routingRow(name: string, answers: readonly Answered[], scores: readonly number[]): Row {
  return {
    name,
    n: answers.length,
    values: {
      APGR: averageGapRecovered(scores, answers),
      AUC: areaUnderRoc(
        scores,
        answers.map(({ weak }) => !weak),
      ),
      'calls for 50 % of the gain': callShareFor(0.5, scores, answers),
      'calls for 80 % of the gain': callShareFor(0.8, scores, answers),
    },
  }
}

/** Confidence in every answer by judges that saw nine tenths of the others; folds by chance from the seed. */
function foldedConfidences(answered: readonly Example[], seed: number): readonly number[] {
  const foldOf = new Map([...shuffled(answered.length, randomSource(seed))].map((at, k) => [at, k % FOLDS]))
  const judges = Array.from({ length: FOLDS }, (_, fold) =>
    trainAnswer(answered.filter((_example, i) => foldOf.get(i) !== fold)),
  )
  return answered.map(({ text, answer = '' }, i) => {
    const judge = judges[foldOf.get(i) ?? 0]
    return judge === undefined ? 0 : confidenceOf(text, answer, judge)
  })
}

function judgeRows(examples: readonly Example[]): readonly Row[] {
  const answered = examples.filter(({ answer }) => answer !== undefined)
  const runs = SEEDS.map((seed) => foldedConfidences(answered, seed))
  const rows = runs.map((confidences, i) =>
    routing(
      `judge of drafts, GSM8K, ten folds, seed ${SEEDS[i]}`,
      answered,
      confidences.map((value) => -value),
    ),
  )
  const lengths = answered.map(({ text }) => text.length)
  return [
    ...rows,
    routing('length of the prompt, GSM8K', answered, lengths),
    calibration(answered, runs[0] ?? []),
    sentOn(
      'judge of drafts at the shipped confidence, GSM8K',
      answered,
      (i) => (runs[0]?.[i] ?? 1) < SHIPPED.confidence,
    ),
  ]
}

/** Mean difference between what confidences promise and how many answers are right, in five groups. */
function calibration(answered: readonly Example[], confidences: readonly number[]): Row {
  const order = confidences.map((_, i) => i).sort((a, b) => (confidences[a] ?? 0) - (confidences[b] ?? 0))
  const values: Record<string, number> = {}
  let error = 0
  for (let group = 0; group < 5; group++) {
    const part = order.slice((group * order.length) / 5, ((group + 1) * order.length) / 5)
    const promised = part.reduce((sum, i) => sum + (confidences[i] ?? 0), 0) / part.length
    const right = part.filter((i) => answered[i]?.answered?.weak === true).length / part.length
    error += Math.abs(promised - right) / 5
    values[`right where ${promised.toFixed(2)} is promised`] = right
  }
  return { name: 'calibration of the judge, GSM8K', n: answered.length, values: { error, ...values } }
}

/** What sending some requests on costs and gains. */
function sentOn(name: string, examples: readonly Example[], goes: (i: number) => boolean): Row {
  const quality = (pick: (i: number) => boolean): number =>
    examples.filter(({ answered }, i) => (pick(i) ? answered?.strong : answered?.weak) === true).length /
    examples.length
  const [weak, strong, routed] = [quality(() => false), quality(() => true), quality(goes)]
  return {
    name,
    n: examples.length,
    values: {
      'cloud calls': examples.filter((_, i) => goes(i)).length / examples.length,
      weak,
      strong,
      routed,
      'part of the gain': (routed - weak) / (strong - weak),
    },
  }
}

/** Scores of prompts by weights that did not see those named. */
function heldOutScores(
  all: readonly Prepared[],
  isHeldOut: (example: Example) => boolean,
): Map<Example, number> {
  const rest = all.filter(({ example }) => !isHeldOut(example))
  const model = readModel(trainPromptModel(rest, 'held-out'))
  const held = all.map(({ example }) => example).filter((one) => isHeldOut(one) && one.answered !== undefined)
  return new Map(held.map((example) => [example, classify(example.text, model).needs_strong]))
}

/** How far scores of prompts could get that know more than a prompt, or learn the very benchmark. */
function boundRows(folder: string, examples: readonly Example[]): readonly Row[] {
  const mmlu = examples.filter(({ source, answered }) => source === 'mmlu' && answered !== undefined)
  return ceilings(folder, mmlu).map(({ name, answers, scores }) =>
    routingRow(`bound, ${name}`, answers, scores),
  )
}

/**
 * Judged drafts and scored prompts in one pool with one threshold, on what either promises to gain: once by rows, once
 * with the drafts repeated until both sets weigh the same.
 */
function poolRows(
  drafts: readonly Example[],
  confidences: readonly number[],
  prompts: ReadonlyMap<Example, number>,
): readonly Row[] {
  const judged = answersOf(drafts)
  const scored = answersOf([...prompts.keys()])
  const ofDrafts = expectedGains(
    confidences.map((value) => 1 - value),
    judged,
    SEEDS[0],
  )
  const ofPrompts = expectedGains([...prompts.values()], scored, SEEDS[0])
  const times = Math.round(scored.length / Math.max(1, judged.length))
  const repeat = <Item>(items: readonly Item[]): readonly Item[] =>
    Array.from({ length: times }, () => items).flat()
  return [
    routingRow(
      'GSM8K drafts and MMLU prompts in one pool, by rows',
      [...judged, ...scored],
      [...ofDrafts, ...ofPrompts],
    ),
    routingRow(
      'GSM8K drafts and MMLU prompts in one pool, both weighing the same',
      [...repeat(judged), ...scored],
      [...repeat(ofDrafts), ...ofPrompts],
    ),
  ]
}

function promptRows(examples: readonly Example[]): readonly Row[] {
  const all = examples.map(prepare)
  const subjects = [...new Set(examples.filter(({ source }) => source === 'mmlu').map(({ group }) => group))]
  const mmlu = new Map(
    [0, 1, 2].flatMap((fold) => [
      ...heldOutScores(all, ({ source, group }) => source === 'mmlu' && subjects.indexOf(group) % 3 === fold),
    ]),
  )
  const plain = [...mmlu].filter(([{ group }]) => !ARTEFACTS.includes(group))
  const gsm = heldOutScores(all, ({ source }) => source === 'gsm8k')
  const answered = [...gsm.keys()].filter(({ answer }) => answer !== undefined)
  const confidences = foldedConfidences(answered, SEEDS[0])
  const row = (name: string, scored: readonly (readonly [Example, number])[]): Row =>
    routing(
      name,
      scored.map(([example]) => example),
      scored.map(([, score]) => score),
    )
  return [
    row('score of the prompt, MMLU, subjects unseen', [...mmlu]),
    row('score of the prompt, MMLU, the same without artefacts', plain),
    row('score of the prompt, GSM8K, source unseen', [...gsm]),
    ...poolRows(answered, confidences, mmlu),
    sentOn('the shipped policy, GSM8K', answered, (i) => {
      const example = answered[i]
      const score = example === undefined ? 0 : (gsm.get(example) ?? 0)
      if (score >= SHIPPED.cloudFrom) return true
      return score >= SHIPPED.judgedFrom && (confidences[i] ?? 1) < SHIPPED.confidence
    }),
  ]
}
