import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterWords, groupClasses } from '../../bench/train/ner/clusters.ts'
import type { LabelledDocument } from '../../bench/train/ner/corpus.ts'
import { unitOffsets } from '../../bench/train/ner/corpus.ts'
import { trainCrf } from '../../bench/train/ner/crf.ts'
import { TrainingSet } from '../../bench/train/ner/examples.ts'
import { tablesOf } from '../../bench/train/ner/lexicon-tables.ts'
import { isKin, meanOf } from '../../bench/train/ner/model-mean.ts'
import { encodeModel } from '../../bench/train/ner/model-writer.ts'
import { SeededRandom } from '../../bench/train/ner/random.ts'
import { recased } from '../../bench/train/ner/recase.ts'
import { germanInstitution } from '../../bench/train/ner/synthetic/text/german-institutions.ts'
import { FIXED, WordCounter } from '../../bench/train/ner/vocabulary.ts'
import { NER_TYPES, type NerType } from '../../detectors/ner/labels.ts'
import { Lexicon, LexiconBit, lexiconKey } from '../../detectors/ner/lexicon.ts'
import { type NerModel, RECALL_LEVELS, readModel } from '../../detectors/ner/model-file.ts'
import { findNames } from '../../detectors/ner/recogniser.ts'
import { Tagger } from '../../detectors/ner/tagger.ts'
import { TokenBuffer } from '../../detectors/ner/tokens.ts'

const WEIGHT_BITS = 16

function labelled(text: string, type: NerType, value: string): LabelledDocument {
  const start = text.indexOf(value)
  return {
    source: 'test',
    text,
    spans: [{ start, end: start + value.length, type }],
    scope: NER_TYPES,
    weight: 1,
  }
}

/** Training of a moment. */
const QUICK = {
  weightBits: 12,
  epochs: 2,
  rate: 0.2,
  wordDropout: 0.2,
  featureDropout: 0.2,
  snapshots: 0,
  onEpoch: () => undefined,
}

function trained(documents: readonly LabelledDocument[], entries = new Map<number, number>()): Tagger {
  const set = new TrainingSet(new Lexicon(tablesOf(entries)))
  for (const document of documents) set.add(document)
  const options = {
    weightBits: WEIGHT_BITS,
    epochs: 12,
    rate: 0.3,
    wordDropout: 0.1,
    featureDropout: 0,
    snapshots: 0,
    onEpoch: () => undefined,
  }
  const result = trainCrf(set, options, new SeededRandom(1))
  const biases = new Float32Array(RECALL_LEVELS.length * NER_TYPES.length)
  return new Tagger(
    readModel(encodeModel({ weightBits: WEIGHT_BITS, trained: result, lexicon: tablesOf(entries), biases })),
    'high',
  )
}

function found(tagger: Tagger, text: string): string[] {
  return findNames(tagger, text).map(({ entity, span }) => `${entity}:${text.slice(span.start, span.end)}`)
}

function hashOf(word: string): number {
  const tokens = new TokenBuffer()
  tokens.fill(word)
  return tokens.word[0] ?? 0
}

const TOWNS = ['Paris', 'Rome', 'Oslo', 'Vienna', 'Lima', 'Cairo', 'Delhi', 'Quito']
const NAMES = ['Ann', 'Bob', 'Carl', 'Dora', 'Emil', 'Fay', 'Gus', 'Hal']
/** Documents that name nobody. */
const PLAIN = [
  'please come in today',
  'we wait here now',
  'please ask them all',
  'we stand in line today',
].map((text): LabelledDocument => ({ source: 'test', text, spans: [], scope: NER_TYPES, weight: 1 }))
const SENTENCES = [
  ...PLAIN,
  ...TOWNS.map((town) => labelled(`we live in ${town} now`, 'LOCATION', town)),
  ...NAMES.map((name) => labelled(`please ask ${name} today`, 'PERSON', name)),
]

test('training learns names from their context and survives the model file', () => {
  const tagger = trained(SENTENCES)
  assert.deepEqual(found(tagger, 'we live in Lisbon now'), ['LOCATION:Lisbon'])
  assert.deepEqual(found(tagger, 'please ask Ingrid today'), ['PERSON:Ingrid'])
  assert.deepEqual(found(tagger, 'please wait in line today'), [])
})

test('features that are hidden teach nothing', () => {
  const weights = (featureDropout: number): Float32Array => {
    const set = new TrainingSet(new Lexicon(tablesOf(new Map())))
    for (const document of SENTENCES) set.add(document)
    const options = { ...QUICK, epochs: 1, wordDropout: 0, featureDropout }
    return trainCrf(set, options, new SeededRandom(1)).weights
  }
  const learned = (share: number): boolean => weights(share).some((weight) => weight !== 0)
  assert.deepEqual([0, 0.5, 1].map(learned), [true, true, false])
})

test('a source that does not label a type teaches nothing about it', () => {
  const silent = TOWNS.map(
    (town): LabelledDocument => ({
      ...labelled(`we live in ${town} now`, 'LOCATION', town),
      spans: [],
      scope: ['PERSON'],
    }),
  )
  const tagger = trained([...SENTENCES, ...silent, ...silent])
  assert.deepEqual(found(tagger, 'we live in Lisbon now'), ['LOCATION:Lisbon'])
})

test('the same seed gives the same bytes', () => {
  const bytes = (): Uint8Array => {
    const set = new TrainingSet(new Lexicon(tablesOf(new Map([[lexiconKey(12345), LexiconBit.given]]))))
    for (const document of SENTENCES) set.add(document)
    const options = { ...QUICK, snapshots: 3 }
    const result = trainCrf(set, options, new SeededRandom(7))
    return encodeModel({
      weightBits: 12,
      trained: result,
      lexicon: tablesOf(new Map([[1, 1]])),
      biases: new Float32Array(21),
    })
  }
  assert.deepEqual(bytes(), bytes())
})

test('a mean of models lies between them, and only kin have one', () => {
  const model = (seed: number, entries: ReadonlyMap<number, number>): NerModel => {
    const set = new TrainingSet(new Lexicon(tablesOf(entries)))
    for (const document of SENTENCES) set.add(document)
    const options = { ...QUICK, snapshots: 2 }
    const trained = trainCrf(set, options, new SeededRandom(seed))
    const biases = new Float32Array(21)
    return readModel(encodeModel({ weightBits: 12, trained, lexicon: tablesOf(entries), biases }))
  }
  const entries = new Map([[lexiconKey(12345), LexiconBit.given]])
  const [left, right, other] = [model(1, entries), model(2, entries), model(1, new Map([[1, 1]]))]
  assert.ok(isKin(left, right))
  assert.ok(!isKin(left, other))
  const { weights } = meanOf([left, right])
  for (let n = 0; n < weights.length; n++) {
    const wanted = ((left.weights[n] ?? 0) * left.scale + (right.weights[n] ?? 0) * right.scale) / 2
    assert.ok(Math.abs((weights[n] ?? 0) - wanted) < 1e-5)
  }
})

test('names of German institutions are whole, and the same seed gives the same ones', () => {
  const names = (): string[] => {
    const random = new SeededRandom(3)
    return Array.from({ length: 500 }, () => germanInstitution(random))
  }
  assert.deepEqual(names(), names())
  for (const name of names()) assert.match(name, /^[\p{L}\d][^{}]*(?:\{c\})?\.?$/u)
})

test('words that stand beside the same words share a cluster, and how they are written counts', () => {
  const counter = new WordCounter()
  for (const name of NAMES)
    for (const verb of ['ask', 'call', 'see']) counter.add(`We ${verb} ${name} again today`)
  for (const town of TOWNS)
    for (const verb of ['reach', 'leave', 'like']) counter.add(`They ${verb} ${town} every week`)
  const { bigrams, words } = counter.bigrams(2)
  const classOf = clusterWords(bigrams, FIXED + 9, 20, () => undefined)
  const clustersOf = (all: readonly string[]): Set<number> =>
    new Set(all.map((word) => classOf[FIXED + words.indexOf(hashOf(word))] ?? -1))
  const names = clustersOf([...NAMES, ...TOWNS])
  for (const verb of clustersOf(['ask', 'call', 'see', 'reach', 'leave', 'like'])) assert.ok(!names.has(verb))
  assert.ok(names.size < NAMES.length)
  assert.deepEqual(counter.casing().get(hashOf('Ann')), { lower: 0, capital: 3 })
})

test('clusters fall into groups', () => {
  const counter = new WordCounter()
  for (const sentence of SENTENCES) counter.add(sentence.text)
  const { bigrams } = counter.bigrams(1)
  const classOf = clusterWords(bigrams, FIXED + 12, 20, () => undefined)
  const groups = groupClasses(bigrams, classOf, FIXED + 12, 3)
  assert.equal(groups.length, 12)
  for (const group of groups) assert.ok(group >= 0 && group < 3)
})

test('copies in other cases keep their labels in place', () => {
  const random = new SeededRandom(3)
  const document = labelled('Please ask Ann Lee today', 'PERSON', 'Ann Lee')
  const seen = new Set<string>()
  for (let n = 0; n < 200; n++) {
    for (const copy of recased(document, random)) {
      const [span] = copy.spans
      seen.add(copy.text.slice(span?.start, span?.end))
    }
  }
  assert.deepEqual([...seen].sort(), ['ANN LEE', 'Ann Lee', 'ann lee'])
})

test('offsets in code points become offsets in UTF-16 units', () => {
  const offsets = unitOffsets('a😀b')
  assert.deepEqual([0, 1, 2, 3].map(offsets), [0, 1, 3, 4])
})
