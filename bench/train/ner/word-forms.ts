/** Teaches what names are built like: lists of names against words, also stretched and mistyped ones. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { eachFormSlot, FORM_SLOTS, FORM_STEP } from '../../../detectors/ner/word-form.ts'
import { readList } from './lexicon-builder.ts'
import type { SeededRandom } from './random.ts'
import { COMPUTING_WORDS, WELL_KNOWN_FAMILY, WELL_KNOWN_GIVEN, WELL_KNOWN_THINGS } from './well-known.ts'
import { plainWordsOfWritten } from './written.ts'

const EPOCHS = 4
const RATE = 0.15
const SHORTEST_WORD = 3
/** A word that occurs less often in the raw text may be a name in small letters, or a slip. */
const LEAST_SEEN = 2
const STRETCHED = 0.12
const MISTYPED = 0.12
/** One word in so many is kept to see how well the others teach. */
const HELD_OUT = 50
/** What people type that no list of words has. */
const INTERJECTIONS =
  'haha hahaha hehe hihi hoho lol lmao rofl omg omfg wtf bruh bro broo sis yall yup yep nope nah nahh yeah yea yass yess noo nooo whoa woah ' +
  'wow woow aww awww eww ugh ughh argh meh hmm hmmm mhm uhh umm shh psst yay yaay hooray okay okayy okk kk plz pls thx thnx ty tysm ' +
  'gonna wanna gotta kinda sorta dunno lemme gimme cuz coz bcuz tho altho tmrw tmr rn idk imo tbh smh ikr wbu hbu jk xoxo'
/** Copies of each, so that they weigh against so many names. */
const INTERJECTION_COPIES = 12

interface Sample {
  readonly word: string
  readonly isName: boolean
}

/** The weights, by slot; `written` is the folder of the documents that were written for training. */
export function wordForms(dataFolder: string, written: string, random: SeededRandom): Int8Array {
  const names = personNames(join(dataFolder, 'lists'))
  const words = plainWordsOf(dataFolder, written, names)
  const samples = [
    ...[...names].map((word) => ({ word, isName: true })),
    ...[...words].map((word) => ({ word, isName: false })),
  ].flatMap((sample) => careless(sample, random))
  for (const word of INTERJECTIONS.split(' '))
    for (let n = 0; n < INTERJECTION_COPIES; n++)
      samples.push({ word: n === 0 ? word : stretched(word, random), isName: false })
  const held = samples.filter((_, n) => n % HELD_OUT === 0)
  const taught = samples.filter((_, n) => n % HELD_OUT !== 0)
  const weights = fit(taught, names.size / (names.size + words.size), random)
  report(weights, held)
  return Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / FORM_STEP))))
}

function personNames(folder: string): Set<string> {
  const names = new Set<string>([...WELL_KNOWN_GIVEN, ...WELL_KNOWN_FAMILY])
  const add = (name: string): void => {
    for (const part of name.toLowerCase().split(/[\s'’.-]+/u))
      if (part.length >= SHORTEST_WORD) names.add(part)
  }
  for (const file of ['given_names.tsv', 'family_names.tsv', 'given_names_us_ssa.tsv'])
    for (const [name = ''] of readList(folder, file)) add(name)
  for (const row of readList(folder, 'surnames_by_country.csv')) add(row[5] ?? '')
  for (const row of readList(folder, 'forenames_by_country.csv')) add(row[11] ?? '')
  return names
}

/** Words of the frequency lists and of raw text that are written small and are no names. */
function plainWordsOf(folder: string, written: string, names: ReadonlySet<string>): Set<string> {
  const things = [...WELL_KNOWN_THINGS, ...COMPUTING_WORDS, ...plainWordsOfWritten(written)]
  const words = new Set<string>(things.filter((thing) => !names.has(thing)))
  for (const [word = ''] of readList(join(folder, 'lists'), 'common_words.tsv'))
    if (word.length >= SHORTEST_WORD && !names.has(word)) words.add(word)
  const counts = new Map<string, { lower: number; capital: number }>()
  for (const file of readdirSync(join(folder, 'unlabelled'))) {
    if (!file.endsWith('.txt')) continue
    for (const [word] of readFileSync(join(folder, 'unlabelled', file), 'utf8').matchAll(
      /[\p{L}\p{M}]{3,}/gu,
    )) {
      const lower = word.toLowerCase()
      const count = counts.get(lower) ?? { lower: 0, capital: 0 }
      if (word === lower) count.lower++
      else count.capital++
      counts.set(lower, count)
    }
  }
  for (const [word, { lower, capital }] of counts)
    if (lower >= LEAST_SEEN && lower > capital && !names.has(word)) words.add(word)
  return words
}

/** The word, and now and then also as people type it in haste. */
function careless(sample: Sample, random: SeededRandom): Sample[] {
  const { word, isName } = sample
  const draw = random.next()
  if (draw < STRETCHED) return [sample, { word: stretched(word, random), isName }]
  if (draw < STRETCHED + MISTYPED) return [sample, { word: mistyped(word, random), isName }]
  return [sample]
}

function stretched(word: string, random: SeededRandom): string {
  const at = random.chance(0.6) ? word.length - 1 : random.below(word.length)
  return word.slice(0, at) + (word[at] ?? '').repeat(2 + random.below(5)) + word.slice(at + 1)
}

function mistyped(word: string, random: SeededRandom): string {
  const at = 1 + random.below(Math.max(1, word.length - 2))
  const draw = random.next()
  if (draw < 0.3) return word.slice(0, at) + word.slice(at + 1)
  if (draw < 0.6) return word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2)
  if (draw < 0.8) return word.slice(0, at) + (word[at] ?? '') + word.slice(at)
  return word.slice(0, at) + random.pick([...'aeiourstnlmdk']) + word.slice(at + 1)
}

/** Logistic regression by AdaGrad, both classes weighing the same. */
function fit(samples: readonly Sample[], share: number, random: SeededRandom): Float64Array {
  const weights = new Float64Array(FORM_SLOTS)
  const squares = new Float64Array(FORM_SLOTS).fill(1e-2)
  const slots = new Int32Array(256)
  const order = Int32Array.from(samples, (_, n) => n)
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    random.shuffle(order)
    for (const n of order) {
      const sample = samples[n] as Sample
      const count = slotsOf(sample.word, slots)
      if (count === 0) continue
      const odds = oddsOf(weights, slots, count)
      const balance = sample.isName ? 0.5 / share : 0.5 / (1 - share)
      const gradient = balance * ((sample.isName ? 1 : 0) - 1 / (1 + Math.exp(-odds)))
      for (let k = 0; k < count; k++) {
        const slot = slots[k] as number
        squares[slot] = (squares[slot] as number) + gradient * gradient
        weights[slot] = (weights[slot] as number) + (RATE * gradient) / Math.sqrt(squares[slot] as number)
      }
    }
  }
  return weights
}

function slotsOf(word: string, slots: Int32Array): number {
  let count = 0
  slots[count++] = 0
  const isLatin = eachFormSlot(word, 0, word.length, (slot) => {
    slots[count++] = slot
  })
  return isLatin ? count : 0
}

function oddsOf(weights: Float64Array, slots: Int32Array, count: number): number {
  let sum = 0
  for (let k = 0; k < count; k++) sum += weights[slots[k] as number] as number
  return sum
}

function report(weights: Float64Array, held: readonly Sample[]): void {
  const slots = new Int32Array(256)
  let names = 0
  let named = 0
  let words = 0
  let worded = 0
  for (const { word, isName } of held) {
    const count = slotsOf(word, slots)
    if (count === 0) continue
    const odds = oddsOf(weights, slots, count)
    if (isName) names++
    else words++
    if (isName && odds > 0) named++
    if (!isName && odds < 0) worded++
  }
  const percent = (part: number, whole: number): string => ((100 * part) / Math.max(1, whole)).toFixed(1)
  console.error(
    `word forms: of words held out, ${percent(named, names)} % of ${names} names and ${percent(worded, words)} % of ${words} others are told`,
  )
}
