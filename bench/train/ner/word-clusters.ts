/** Reads the raw text that word clusters are made from, and clusters its words. Kept in a file: it takes minutes. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clusterWords, groupClasses } from './clusters.ts'
import type { CasingByLanguage } from './frequent-words.ts'
import { FIXED, WordCounter } from './vocabulary.ts'

/** How the words are clustered. */
export interface ClusterOptions {
  readonly clusters: number
  readonly groups: number
  readonly rounds: number
  /** Words that occur less often are left out. */
  readonly least: number
}

/** Words by hash, the cluster of each (from 1), and the group (from 1) of each cluster. */
export interface WordClusters {
  readonly words: readonly number[]
  readonly clusterOf: readonly number[]
  readonly groups: readonly number[]
}

function lines(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
}

function files(folder: string, ending: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .sort()
}

/**
 * Clusters the words of `unlabelled/`, `train/` and the written texts, or reads what an earlier call with the same options and
 * written texts left in `cache`.
 */
export function wordClusters(
  folder: string,
  written: readonly string[],
  options: ClusterOptions,
  cache: string | null,
): WordClusters {
  const digest = createHash('sha256').update(written.join('\n')).digest('hex').slice(0, 12)
  const name = `clusters-${Object.values(options).join('-')}-${digest}.json`
  const path = cache === null ? null : join(cache, name)
  if (path !== null && existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'))
  const found = cluster(folder, written, options)
  if (path !== null) writeFileSync(path, JSON.stringify(found))
  return found
}

function cluster(
  folder: string,
  written: readonly string[],
  { clusters, groups, rounds, least }: ClusterOptions,
): WordClusters {
  const counter = new WordCounter()
  for (const file of files(join(folder, 'unlabelled'), '.txt')) {
    for (const line of lines(join(folder, 'unlabelled', file))) counter.add(line)
  }
  for (const file of files(join(folder, 'train'), '.jsonl')) {
    for (const line of lines(join(folder, 'train', file))) counter.add(JSON.parse(line).text)
  }
  for (const text of written) counter.add(text)
  const { bigrams, words } = counter.bigrams(least)
  const classCount = clusters + FIXED
  const classOf = clusterWords(bigrams, classCount, rounds, (round, moved) => {
    console.error(`clusters, round ${round}: ${moved} of ${words.length} words moved`)
  })
  const groupOf = groupClasses(bigrams, classOf, classCount, groups)
  return {
    words,
    clusterOf: Array.from(classOf.subarray(FIXED), (own) => own - FIXED + 1),
    groups: [0, ...Array.from(groupOf, (group) => group + 1)],
  }
}

/**
 * How the words of every language of `unlabelled/`, and of all texts but German ones, are written in mid-sentence; `written`
 * are further texts that are not German.
 */
export function casingByLanguage(folder: string, written: readonly string[]): CasingByLanguage {
  const found = new Map<string, ReturnType<WordCounter['casing']>>()
  const all = new WordCounter()
  for (const file of files(join(folder, 'unlabelled'), '.txt')) {
    const language = file.replace('.txt', '').replace('nb', 'no')
    const counter = new WordCounter()
    for (const line of lines(join(folder, 'unlabelled', file))) {
      counter.add(line)
      if (language !== 'de') all.add(line)
    }
    found.set(language, counter.casing())
  }
  for (const file of files(join(folder, 'train'), '.jsonl')) {
    if (/germeval|\.de\./u.test(file)) continue
    for (const line of lines(join(folder, 'train', file))) all.add(JSON.parse(line).text)
  }
  for (const text of written) all.add(text)
  return found.set('', all.casing())
}
