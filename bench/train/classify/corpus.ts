/** The data the prompt classifier learns from, and what each row is an example of. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { benignNearMisses, syntheticInjections } from './injections.ts'
import { languageExamples } from './languages.ts'
import { seedExamples, snippetsOf } from './seeds.ts'

/** One prompt and what is known about it. Absent: nothing is known. */
export interface Example {
  readonly text: string
  readonly source: string
  readonly domain?: string
  /** Whether a model of local size, and a strong one, answered right. */
  readonly answered?: { readonly weak: boolean; readonly strong: boolean }
  /** Prompts at either end: nobody needs a strong model, or everybody does. */
  readonly pole?: 'easy' | 'hard'
  readonly isAttack?: boolean
  /** Subject of a benchmark, method of an attack, template of a synthetic one. */
  readonly group: string
  readonly answer?: string
}

export const DOMAINS = [
  'general',
  'health',
  'law',
  'finance',
  'business',
  'computing',
  'mathematics',
  'science',
  'humanities',
  'psychology',
  'travel',
  'household',
] as const

/** File, origin and licence of each source. */
export const SOURCES = {
  'routellm_mmlu.jsonl': 'lm-sys/RouteLLM, Apache-2.0',
  'mmlupro_models.jsonl': 'TIGER-AI-Lab/MMLU-Pro, Apache-2.0',
  'gsm8k_answers.jsonl': 'lm-sys/RouteLLM, Apache-2.0 and MIT',
  'arena_hard.jsonl': 'lmarena/arena-hard-auto v0.1, Apache-2.0',
  'clinc150.jsonl': 'clinc/oos-eval, CC BY 3.0',
  'banking77.jsonl': 'PolyAI banking77, CC BY 4.0',
  'jailbreakbench_artifacts.jsonl': 'JailbreakBench, MIT',
  'jailbreakbench_goals.jsonl': 'JailbreakBench, MIT',
  'advbench.jsonl': 'llm-attacks AdvBench, MIT',
} as const

type SourceFile = keyof typeof SOURCES

/** The files that are not in a folder. */
export function missingFiles(folder: string): readonly string[] {
  return Object.keys(SOURCES).filter((file) => !existsSync(join(folder, file)))
}

/** All examples of a folder. Throws when a file cannot be read. */
export function loadCorpus(folder: string): readonly Example[] {
  const read = (file: SourceFile): readonly Record<string, unknown>[] =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  return [
    ...read('routellm_mmlu.jsonl')
      .filter((row) => row.contaminated !== true)
      .flatMap((row) => withSnippets(benchmark(row, 'mmlu', domainOfMmlu(String(row.domain))))),
    // More than half of this set stems from MMLU, which is what it is measured on.
    ...read('mmlupro_models.jsonl')
      .filter((row) => !String(row.src).startsWith('ori_mmlu'))
      .flatMap((row) => withSnippets(benchmark(row, 'mmlu-pro', DOMAIN_OF_PRO[String(row.domain)]))),
    ...read('gsm8k_answers.jsonl').map((row) => benchmark(row, 'gsm8k', undefined)),
    ...read('arena_hard.jsonl').map((row) => arena(row)),
    ...read('clinc150.jsonl').map((row) => easy(row, 'clinc', DOMAIN_OF_CLINC[String(row.domain)])),
    ...read('banking77.jsonl').map((row) => easy(row, 'banking77', 'finance')),
    ...read('jailbreakbench_artifacts.jsonl').map((row) => attack(row, 'jbb', String(row.method))),
    ...read('jailbreakbench_goals.jsonl').map((row) => attack(row, 'jbb-goals', 'goal')),
    ...read('advbench.jsonl').map((row) => attack(row, 'advbench', 'goal')),
    ...syntheticInjections(),
    ...benignNearMisses(),
    ...seedExamples(),
    ...languageExamples(),
  ]
}

function withSnippets(example: Example): readonly Example[] {
  return [example, ...snippetsOf(example)]
}

function benchmark(row: Record<string, unknown>, source: string, domain: string | undefined): Example {
  return {
    text: String(row.prompt),
    source,
    group: String(row.domain),
    answered: { weak: row.weak_correct === true, strong: row.strong_correct === true },
    isAttack: false,
    ...(domain === undefined ? {} : { domain }),
    ...(row.answer === undefined ? {} : { answer: String(row.answer) }),
  }
}

function easy(row: Record<string, unknown>, source: string, domain: string | undefined): Example {
  return {
    text: String(row.prompt),
    source,
    group: String(row.intent),
    pole: 'easy',
    isAttack: false,
    ...(domain === undefined ? {} : { domain }),
  }
}

const COMPUTING =
  /code|coding|program|python|java|script|sql|regex|api|aws|docker|kubernetes|linux|software|web|react|c\+\+|rust|algorithm|array|database|server|network|git|matplotlib|pdf|android|ai |cloud/i

function arena(row: Record<string, unknown>): Example {
  const topic = String(row.domain)
  return {
    text: String(row.prompt),
    source: 'arena-hard',
    group: topic,
    pole: 'hard',
    isAttack: false,
    ...(COMPUTING.test(topic) ? { domain: 'computing' } : {}),
  }
}

function attack(row: Record<string, unknown>, source: string, group: string): Example {
  return { text: String(row.prompt), source, group, isAttack: true }
}

const DOMAIN_OF_PRO: Readonly<Record<string, string>> = {
  math: 'mathematics',
  physics: 'science',
  chemistry: 'science',
  biology: 'science',
  engineering: 'science',
  law: 'law',
  economics: 'finance',
  business: 'finance',
  psychology: 'psychology',
  health: 'health',
  philosophy: 'humanities',
  history: 'humanities',
  'computer science': 'computing',
}

const DOMAIN_OF_CLINC: Readonly<Record<string, string>> = {
  banking: 'finance',
  credit_cards: 'finance',
  travel: 'travel',
  auto_and_commute: 'travel',
  kitchen_and_dining: 'household',
  home: 'household',
  work: 'business',
  small_talk: 'general',
  meta: 'general',
  utility: 'general',
  oos: 'general',
}

/** First match wins. */
const DOMAIN_OF_MMLU: readonly (readonly [RegExp, string])[] = [
  [/law|jurisprudence/, 'law'],
  [/medicine|clinical|anatomy|nutrition|virology|aging|medical|sexuality/, 'health'],
  [/psychology|sociology/, 'psychology'],
  [/accounting|econom|macro|micro/, 'finance'],
  [/business|management|marketing|public_relations/, 'business'],
  [/computer|machine_learning/, 'computing'],
  [/math|algebra|statistics/, 'mathematics'],
  [/physics|chemistry|biology|astronomy|engineering/, 'science'],
  [
    /history|philosophy|religions|moral|fallacies|prehistory|politics|security|policy|geography|logic/,
    'humanities',
  ],
  [/miscellaneous|global_facts/, 'general'],
]

function domainOfMmlu(subject: string): string | undefined {
  return DOMAIN_OF_MMLU.find(([pattern]) => pattern.test(subject))?.[1]
}
