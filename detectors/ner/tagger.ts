/** Scores the labels of every token and finds the best sequence: a linear-chain model, decoded by Viterbi. */
import { TokenContext } from './context.ts'
import { Eagerness } from './eagerness.ts'
import { FeatureExtractor } from './features.ts'
import { beginLabel, insideLabel, LABEL_COUNT, mayFollow, NER_TYPES, OUTSIDE } from './labels.ts'
import type { Lexicon } from './lexicon.ts'
import { ListItem } from './list-items.ts'
import { type NerModel, RECALL_LEVELS, type RecallLevel } from './model-file.ts'
import { TokenBuffer, TokenKind } from './tokens.ts'

/** A line with more tokens is decoded in pieces of this size, so that memory stays bounded. */
const MAX_SEQUENCE = 2048
// A local copy: the innermost loops run slower on an imported binding.
const LABELS = LABEL_COUNT
const IMPOSSIBLE = -1e9
const BEGIN_PERSON = beginLabel(NER_TYPES.indexOf('PERSON'))
const INSIDE_PERSON = insideLabel(NER_TYPES.indexOf('PERSON'))
const BEGIN_JOB = beginLabel(NER_TYPES.indexOf('TITLE_OR_JOB'))
const ITEM_DOUBT = 3

/** The tagger with its working memory; one text at a time. */
export class Tagger {
  readonly tokens = new TokenBuffer()
  readonly context = new TokenContext()
  /** The label of every token of the latest text. */
  labels = new Uint8Array(0)
  /** How much better the chosen label scored than "outside", before any bias; 0 for outside tokens. */
  margins = new Float32Array(0)
  private readonly eagerness = new Eagerness(this.tokens, this.context)
  private readonly extractor = new FeatureExtractor()
  private readonly emissions = new Float32Array(MAX_SEQUENCE * LABELS + 1)
  private readonly back = new Uint8Array(MAX_SEQUENCE * LABELS)
  private readonly path = new Float32Array(LABELS)
  private readonly nextPath = new Float32Array(LABELS)
  private readonly labelBias = new Float32Array(LABELS)
  private readonly transitions: Float32Array
  private readonly model: NerModel
  private readonly weights: DataView
  /** What words and phrases may be. */
  readonly lexicon: Lexicon

  constructor(model: NerModel, recall: RecallLevel) {
    this.model = model
    const { buffer, byteOffset, byteLength } = model.weights
    this.weights = new DataView(buffer, byteOffset, byteLength)
    this.lexicon = model.lexicon
    this.transitions = constrained(model.transitions)
    this.setBiases(model.biases.subarray(RECALL_LEVELS.indexOf(recall) * NER_TYPES.length))
  }

  /** Sets what is added to the labels of each type, in the order of `NER_TYPES`. */
  setBiases(biases: ArrayLike<number>): void {
    NER_TYPES.forEach((_, type) => {
      this.labelBias[beginLabel(type)] = biases[type] ?? 0
      this.labelBias[insideLabel(type)] = biases[type] ?? 0
    })
  }

  /** Labels the tokens of a text: fills `tokens`, `labels` and `margins`. Linear in the text's length. */
  tag(text: string): void {
    this.tokens.fill(text)
    this.context.fill(text, this.tokens, this.model.lexicon)
    if (this.labels.length < this.tokens.count) {
      this.labels = new Uint8Array(this.tokens.start.length)
      this.margins = new Float32Array(this.tokens.start.length)
    }
    this.eagerness.begin()
    let from = 0
    let previous = OUTSIDE
    while (from < this.tokens.count) {
      if (this.tokens.kind[from] === TokenKind.newline) {
        this.labels[from] = OUTSIDE
        this.margins[from] = 0
        previous = OUTSIDE
        from++
        continue
      }
      let to = from + 1
      const limit = Math.min(this.tokens.count, from + MAX_SEQUENCE)
      while (to < limit && this.tokens.kind[to] !== TokenKind.newline) to++
      this.score(from, to)
      this.decode(from, to, previous)
      previous = this.labels[to - 1] ?? OUTSIDE
      from = to
    }
  }

  private score(from: number, to: number): void {
    const { extractor, emissions, tokens, context } = this
    const { hashes } = extractor
    const { weights } = this
    const { weightBits, scale } = this.model
    const shift = 32 - weightBits
    for (let n = from; n < to; n++) {
      const count = extractor.extract(tokens, context, n)
      addRows(weights, hashes, count, shift, scale, emissions, (n - from) * LABELS)
      if (context.listItem[n] !== 0) this.doubt(n, (n - from) * LABELS)
    }
  }

  /** Behind the letter of an item every word looks like a surname behind an initial, and many like a job. */
  private doubt(n: number, row: number): void {
    const { emissions } = this
    if (this.context.listItem[n] === ListItem.letter) {
      for (let label = 1; label < LABELS; label++) emissions[row + label] = IMPOSSIBLE
      return
    }
    emissions[row + BEGIN_PERSON] = (emissions[row + BEGIN_PERSON] as number) - ITEM_DOUBT
    emissions[row + BEGIN_JOB] = (emissions[row + BEGIN_JOB] as number) - ITEM_DOUBT
  }

  private decode(from: number, to: number, previous: number): void {
    const { path, nextPath, emissions, labelBias, back, transitions } = this
    const { order } = this.eagerness
    const share = this.eagerness.share(from)
    for (let label = 0; label < LABELS; label++) {
      const step = order * (transitions[previous * LABELS + label] as number)
      path[label] = step + (emissions[label] as number) + share * (labelBias[label] as number)
    }
    this.biasPeople(path, from, share)
    for (let n = 1; n < to - from; n++) {
      const row = n * LABELS
      const share = this.eagerness.share(from + n)
      for (let label = 0; label < LABELS; label++) {
        // An inside label follows the two labels of its type alone; the others follow any.
        const isInner = label !== 0 && (label & 1) === 0
        const first = isInner ? label - 1 : 0
        const last = isInner ? label : LABELS - 1
        let best = Number.NEGATIVE_INFINITY
        let from = 0
        for (let before = first; before <= last; before++) {
          const score = (path[before] as number) + order * (transitions[before * LABELS + label] as number)
          if (score > best) {
            best = score
            from = before
          }
        }
        back[row + label] = from
        nextPath[label] = best + (emissions[row + label] as number) + share * (labelBias[label] as number)
      }
      this.biasPeople(nextPath, from + n, share)
      path.set(nextPath)
    }
    this.trace(from, to)
  }

  /** Where people get another share of the bias than the rest, the difference. */
  private biasPeople(path: Float32Array, n: number, share: number): void {
    const more = this.eagerness.shareForPeople(n, share) - share
    if (more === 0) return
    path[BEGIN_PERSON] = (path[BEGIN_PERSON] as number) + more * (this.labelBias[BEGIN_PERSON] as number)
    path[INSIDE_PERSON] = (path[INSIDE_PERSON] as number) + more * (this.labelBias[INSIDE_PERSON] as number)
  }

  private trace(from: number, to: number): void {
    let label = 0
    for (let other = 1; other < LABELS; other++) {
      if ((this.path[other] as number) > (this.path[label] as number)) label = other
    }
    for (let n = to - 1; n >= from; n--) {
      const row = (n - from) * LABELS
      this.labels[n] = label
      this.margins[n] = (this.emissions[row + label] as number) - (this.emissions[row] as number)
      label = this.back[row + label] as number
    }
  }
}

/** Turns four signed bytes into unsigned ones, 128 higher. */
const SIGNS = 0x80808080 | 0
const SIGN = 128
/** Every other byte of four, each with room for the sum of `MAX_FEATURES` of them. */
const LANES = 0x00ff00ff

/**
 * Adds up the weight rows of a token's features: this is where most of the time goes. Four weights are read at once
 * and added as pairs of 16 bits; eight sums in local variables stay in registers. Written for `LABEL_COUNT` of 15.
 */
function addRows(
  weights: DataView,
  hashes: Int32Array,
  count: number,
  shift: number,
  scale: number,
  out: Float32Array,
  row: number,
): void {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let e = 0
  let f = 0
  let g = 0
  let h = 0
  for (let feature = 0; feature < count; feature++) {
    const slot = (hashes[feature] as number) >>> shift
    const first = weights.getInt32(slot, true) ^ SIGNS
    const second = weights.getInt32(slot + 4, true) ^ SIGNS
    const third = weights.getInt32(slot + 8, true) ^ SIGNS
    const fourth = weights.getInt32(slot + 12, true) ^ SIGNS
    a += first & LANES
    b += (first >>> 8) & LANES
    c += second & LANES
    d += (second >>> 8) & LANES
    e += third & LANES
    f += (third >>> 8) & LANES
    g += fourth & LANES
    h += (fourth >>> 8) & LANES
  }
  const zero = SIGN * count
  writePairs(a, b, zero, scale, out, row)
  writePairs(c, d, zero, scale, out, row + 4)
  writePairs(e, f, zero, scale, out, row + 8)
  writePairs(g, h, zero, scale, out, row + 12)
}

/** Takes two pairs of sums apart, `even` with the first and third of four labels. The sixteenth is nobody's. */
function writePairs(
  even: number,
  odd: number,
  zero: number,
  scale: number,
  out: Float32Array,
  row: number,
): void {
  out[row] = ((even & 0xffff) - zero) * scale
  out[row + 1] = ((odd & 0xffff) - zero) * scale
  out[row + 2] = ((even >>> 16) - zero) * scale
  out[row + 3] = ((odd >>> 16) - zero) * scale
}

/** The transitions with every step that BIO forbids made impossible. */
function constrained(transitions: Float32Array): Float32Array {
  return transitions.map((score, n) =>
    mayFollow(Math.floor(n / LABEL_COUNT), n % LABEL_COUNT) ? score : IMPOSSIBLE,
  )
}
