/** How good the classifier is on what it did not see: whole sources, subjects and templates are left out in turn. */
import { type AnswerWeights, confidenceOf } from '../../../proxy/classify/confidence.ts'
import { classify, type PromptClass } from '../../../proxy/classify/index.ts'
import { readModel } from '../../../proxy/classify/model.ts'
import { trainAnswer } from './answers.ts'
import type { Example } from './corpus.ts'
import { areaUnderRoc, averageGapRecovered, precisionRecall } from './figures.ts'
import { type Prepared, trainPromptModel } from './heads.ts'
import { HELD_OUT_REMAINDER } from './injections.ts'

const FOLDS = 10

/** One line of the table. */
export interface Figure {
  readonly name: string
  readonly n: number
  readonly values: Readonly<Record<string, number>>
}

type Scored = { readonly example: Example; readonly result: PromptClass }

/** Trains without what `isHeldOut` names and classifies it. */
function holdOut(all: readonly Prepared[], isHeldOut: (example: Example) => boolean): readonly Scored[] {
  const model = readModel(
    trainPromptModel(
      all.filter(({ example }) => !isHeldOut(example)),
      'held-out',
    ),
  )
  return all
    .filter(({ example }) => isHeldOut(example))
    .map(({ example }) => ({ example, result: classify(example.text, model) }))
}

function difficulty(name: string, scored: readonly Scored[]): Figure {
  const answered = scored.flatMap(({ example, result }) =>
    example.answered === undefined
      ? []
      : [{ answer: example.answered, score: result.needs_strong, length: example.text.length }],
  )
  const answers = answered.map((one) => one.answer)
  const scores = answered.map((one) => one.score)
  return {
    name,
    n: answered.length,
    values: {
      APGR: averageGapRecovered(scores, answers),
      'APGR of length': averageGapRecovered(
        answered.map((one) => one.length),
        answers,
      ),
      AUC: areaUnderRoc(
        scores,
        answers.map(({ weak, strong }) => strong && !weak),
      ),
    },
  }
}

/** A stable fifth of the rows, by the text itself. */
function isInFifth(example: Example): boolean {
  let sum = 0
  for (let i = 0; i < example.text.length; i++) sum = (sum * 31 + example.text.charCodeAt(i)) | 0
  return Math.abs(sum) % 5 === 0
}

const ARTEFACTS = ['high_school_mathematics', 'moral_scenarios']

/** Every MMLU subject, by models that saw other subjects only. */
function bySubject(all: readonly Prepared[]): readonly Scored[] {
  const mmlu = all.filter(({ example }) => example.source === 'mmlu')
  const subjects = [...new Set(mmlu.map(({ example }) => example.group))]
  return [0, 1, 2].flatMap((fold) =>
    holdOut(all, ({ source, group }) => source === 'mmlu' && subjects.indexOf(group) % 3 === fold),
  )
}

function difficultyFigures(all: readonly Prepared[], subjectsUnseen: readonly Scored[]): readonly Figure[] {
  const mmlu = holdOut(all, (example) => example.source === 'mmlu')
  const withoutArtefacts = mmlu.filter(({ example }) => !ARTEFACTS.includes(example.group))
  const arena = holdOut(
    all,
    (example) => example.source === 'arena-hard' || (example.pole === 'easy' && isInFifth(example)),
  )
  const isHard = arena.map(({ example }) => example.pole === 'hard')
  const scores = arena.map(({ result }) => result.needs_strong)
  return [
    difficulty('needs_strong: MMLU, source unseen', mmlu),
    difficulty('needs_strong: the same without artefacts', withoutArtefacts),
    difficulty('needs_strong: MMLU, subjects unseen', subjectsUnseen),
    difficulty(
      'needs_strong: GSM8K, source unseen',
      holdOut(all, (example) => example.source === 'gsm8k'),
    ),
    {
      name: 'needs_strong: Arena-Hard, source unseen, against everyday requests',
      n: arena.length,
      values: {
        AUC: areaUnderRoc(scores, isHard),
        'hard at 0.62': precisionRecall(scores, isHard, 0.62).recall,
        'easy at 0.62': precisionRecall(scores, isHard, 0.62).falseAlarms,
      },
    },
  ]
}

function attackFigure(name: string, scored: readonly Scored[]): Figure {
  const isAttack = scored.map(({ example }) => example.isAttack === true)
  const scores = scored.map(({ result }) => result.injection)
  const at = (threshold: number) => precisionRecall(scores, isAttack, threshold)
  return {
    name,
    n: scored.length,
    values: {
      AUC: areaUnderRoc(scores, isAttack),
      'precision 0.5': at(0.5).precision,
      'recall 0.5': at(0.5).recall,
      'precision 0.9': at(0.9).precision,
      'recall 0.9': at(0.9).recall,
      'false alarms 0.9': at(0.9).falseAlarms,
    },
  }
}

function attackFigures(all: readonly Prepared[]): readonly Figure[] {
  const isBenign = (example: Example) =>
    example.isAttack === false && (['arena-hard', 'near-miss'].includes(example.source) || isInFifth(example))
  const isHeldOutTemplate = ({ source, group }: Example) =>
    source === 'synthetic' && Number(group.split(' ')[1]) % 3 === HELD_OUT_REMAINDER
  const is = (name: string) => (example: Example) => example.group === name || example.source === name
  const figures = (
    held: readonly (readonly [string, (example: Example) => boolean])[],
  ): readonly Figure[] => {
    const scored = holdOut(
      all,
      (example) => isBenign(example) || held.some(([, matches]) => matches(example)),
    )
    return held.map(([name, matches]) =>
      attackFigure(
        name,
        scored.filter(({ example }) => isBenign(example) || matches(example)),
      ),
    )
  }
  return [
    ...figures([
      ['injection: JailbreakBench PAIR, method unseen', is('PAIR')],
      ['injection: JailbreakBench goals, source unseen', is('jbb-goals')],
      ['injection: override templates unseen', isHeldOutTemplate],
    ]),
    ...figures([
      ['injection: JailbreakBench JBC, method unseen', is('JBC')],
      ['injection: AdvBench, source unseen', is('advbench')],
    ]),
  ]
}

function domainFigure(name: string, scored: readonly Scored[]): Figure {
  const known = scored.filter(({ example }) => example.domain !== undefined)
  const right = known.filter(({ example, result }) => example.domain === result.domain).length
  const health = known.map(({ example }) => example.domain === 'health')
  const said = known.map(({ result }) => Number(result.domain === 'health'))
  const { precision, recall } = precisionRecall(said, health, 1)
  return {
    name,
    n: known.length,
    values: {
      accuracy: right / known.length,
      ...(health.includes(true) ? { 'health precision': precision, 'health recall': recall } : {}),
    },
  }
}

/** Answers judged by models that saw nine tenths of the others: escalate the least trusted first. */
function answerFigure(all: readonly Prepared[]): Figure {
  const examples = all.map(({ example }) => example).filter(({ answer }) => answer !== undefined)
  const judges: AnswerWeights[] = []
  const scores = examples.map((example, i) => {
    const judge = judges[i % FOLDS] ?? trainAnswer(examples.filter((_, j) => j % FOLDS !== i % FOLDS))
    judges[i % FOLDS] = judge
    return confidenceOf(example.text, example.answer ?? '', judge)
  })
  const answers = examples.map(({ answered }) => answered ?? { weak: false, strong: false })
  return {
    name: 'local_confidence: GSM8K answers, ten folds',
    n: examples.length,
    values: {
      APGR: averageGapRecovered(
        scores.map((score) => -score),
        answers,
      ),
      AUC: areaUnderRoc(
        scores,
        answers.map(({ weak }) => weak),
      ),
    },
  }
}

/** Sources that hold much the same prompts are left out together. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  MMLU: ['mmlu'],
  'MMLU-Pro': ['mmlu-pro'],
  GSM8K: ['gsm8k'],
  'Arena-Hard': ['arena-hard'],
  CLINC150: ['clinc'],
  Banking77: ['banking77'],
  JailbreakBench: ['jbb', 'jbb-goals'],
  AdvBench: ['advbench'],
}

/** Each public source by weights that saw none of it: eight training runs. */
export function evaluateBySource(all: readonly Prepared[]): readonly Figure[] {
  return Object.entries(FAMILIES).map(([name, sources]) => {
    const scored = holdOut(all, ({ source }) => sources.includes(source))
    return { name: `${name}, source unseen`, n: scored.length, values: sourceFigures(scored) }
  })
}

/** Whatever of difficulty, domain and attacks can be told of one source. */
function sourceFigures(all: readonly Scored[]): Readonly<Record<string, number>> {
  const answered = all.filter(({ example }) => example.answered !== undefined)
  // Parts of questions are learnt from too, but nobody asks them so.
  const scored = answered.length > 0 ? answered : all
  const withDomain = scored.filter(({ example }) => example.domain !== undefined)
  const share = (part: readonly Scored[], holds: (one: Scored) => boolean): number =>
    part.filter(holds).length / part.length
  const isAttack = scored[0]?.example.isAttack === true
  return {
    ...(answered.length === 0 ? {} : { APGR: difficulty('', answered).values.APGR ?? 0 }),
    ...(answered.length > 0 || isAttack
      ? {}
      : {
          'needs_strong from 0.3': share(scored, ({ result }) => result.needs_strong >= 0.3),
          'needs_strong from 0.62': share(scored, ({ result }) => result.needs_strong >= 0.62),
        }),
    ...(withDomain.length === 0
      ? {}
      : {
          'domain right': share(withDomain, ({ example, result }) => example.domain === result.domain),
          'domain right or general': share(
            withDomain,
            ({ example, result }) => example.domain === result.domain || result.domain === 'general',
          ),
        }),
    'injection from 0.5': share(scored, ({ result }) => result.injection >= 0.5),
    'injection from 0.9': share(scored, ({ result }) => result.injection >= 0.9),
  }
}

/** All figures: ten training runs, minutes in all. */
export function evaluate(all: readonly Prepared[]): readonly Figure[] {
  const subjectsUnseen = bySubject(all)
  const proUnseen = holdOut(all, ({ source }) => source === 'mmlu-pro')
  return [
    ...difficultyFigures(all, subjectsUnseen),
    ...attackFigures(all),
    domainFigure('domain: MMLU, subjects unseen', subjectsUnseen),
    domainFigure('domain: MMLU-Pro, source unseen', proUnseen),
    domainFigure('domain: a fifth of everything', holdOut(all, isInFifth)),
    answerFigure(all),
  ]
}
