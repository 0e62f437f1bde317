/**
 * Clusters of words that stand beside the same words: an exchange clustering that maximises the likelihood of a
 * class bigram model. How a word is written in mid-sentence, with a capital or without, counts as one more neighbour.
 * Words of all languages are clustered together; languages fall apart by themselves.
 * Source of the method: Kneser & Ney 1993, "Improved clustering techniques for class-based statistical language
 * modelling"; Martin, Liermann & Ney 1998.
 */

/** Bigrams of words by number, counted: what is clustered. */
export interface Bigrams {
  readonly wordCount: number
  /** Pairs of a word and the word after it, with their counts, in the same order. */
  readonly left: Int32Array
  readonly right: Int32Array
  readonly counts: Int32Array
  /** Words up to this number keep a class of their own and are nobody's neighbour in a class. */
  readonly fixed: number
}

/** A word's class for every word. Deterministic; words have to be numbered by falling frequency behind the fixed ones. */
export function clusterWords(
  bigrams: Bigrams,
  classCount: number,
  rounds: number,
  onRound: (round: number, moved: number) => void,
): Int32Array {
  const clustering = new Clustering(bigrams, classCount)
  for (let round = 1; round <= rounds; round++) {
    const moved = clustering.round()
    onRound(round, moved)
    if (moved === 0) break
  }
  return clustering.classOf
}

/** The same for the classes themselves: the group, 0 up to `groupCount`, of every class behind the fixed ones. */
export function groupClasses(
  bigrams: Bigrams,
  classOf: Int32Array,
  classCount: number,
  groupCount: number,
): Int32Array {
  const pairs = new Map<number, number>()
  for (let n = 0; n < bigrams.counts.length; n++) {
    const left = classOf[bigrams.left[n] as number] as number
    const right = classOf[bigrams.right[n] as number] as number
    const pair = left * classCount + right
    pairs.set(pair, (pairs.get(pair) ?? 0) + (bigrams.counts[n] as number))
  }
  const entries = [...pairs]
  const classes: Bigrams = {
    wordCount: classCount,
    fixed: bigrams.fixed,
    left: Int32Array.from(entries, ([pair]) => Math.floor(pair / classCount)),
    right: Int32Array.from(entries, ([pair]) => pair % classCount),
    counts: Int32Array.from(entries, ([, count]) => count),
  }
  const groupOf = clusterWords(classes, groupCount + bigrams.fixed, GROUP_ROUNDS, () => undefined)
  return groupOf.subarray(bigrams.fixed).map((group) => group - bigrams.fixed)
}

const GROUP_ROUNDS = 30
const KNOWN = 1 << 16
const entropies = Float64Array.from({ length: KNOWN }, (_, n) => (n === 0 ? 0 : n * Math.log(n)))

/** n log n. */
function entropy(n: number): number {
  return n < KNOWN ? (entropies[n] as number) : n * Math.log(n)
}

/** The neighbours of every word on one side, as rows of a sparse matrix. */
interface Neighbours {
  readonly starts: Int32Array
  readonly words: Int32Array
  readonly counts: Int32Array
}

function neighboursOf(wordCount: number, from: Int32Array, to: Int32Array, counts: Int32Array): Neighbours {
  const starts = new Int32Array(wordCount + 1)
  for (const word of from) starts[word + 1] = (starts[word + 1] as number) + 1
  for (let n = 0; n < wordCount; n++) starts[n + 1] = (starts[n + 1] as number) + (starts[n] as number)
  const next = starts.slice()
  const words = new Int32Array(from.length)
  const numbers = new Int32Array(from.length)
  for (let n = 0; n < from.length; n++) {
    const at = next[from[n] as number] as number
    next[from[n] as number] = at + 1
    words[at] = to[n] as number
    numbers[at] = counts[n] as number
  }
  return { starts, words, counts: numbers }
}

/** One side's class counts of one word: the classes that occur and how often. */
class ClassCounts {
  readonly classes: Int32Array
  readonly counts: Int32Array
  size = 0
  total = 0
  private readonly place: Int32Array

  constructor(classCount: number) {
    this.classes = new Int32Array(classCount)
    this.counts = new Int32Array(classCount)
    this.place = new Int32Array(classCount).fill(-1)
  }

  fill(neighbours: Neighbours, word: number, classOf: Int32Array): void {
    for (let n = 0; n < this.size; n++) this.place[this.classes[n] as number] = -1
    this.size = 0
    this.total = 0
    const end = neighbours.starts[word + 1] as number
    for (let at = neighbours.starts[word] as number; at < end; at++) {
      const neighbour = neighbours.words[at] as number
      const count = neighbours.counts[at] as number
      if (neighbour === word) continue
      const own = classOf[neighbour] as number
      let place = this.place[own] as number
      if (place < 0) {
        place = this.size++
        this.place[own] = place
        this.classes[place] = own
        this.counts[place] = 0
      }
      this.counts[place] = (this.counts[place] as number) + count
      this.total += count
    }
  }
}

class Clustering {
  readonly classOf: Int32Array
  private readonly bigrams: Bigrams
  private readonly classCount: number
  /** How often a class follows a class, row by row, and the same seen from behind. */
  private readonly after: Int32Array
  private readonly before: Int32Array
  private readonly afterTotal: Float64Array
  private readonly beforeTotal: Float64Array
  private readonly rights: Neighbours
  private readonly lefts: Neighbours
  private readonly right: ClassCounts
  private readonly left: ClassCounts

  constructor(bigrams: Bigrams, classCount: number) {
    const { wordCount, fixed, left, right, counts } = bigrams
    this.bigrams = bigrams
    this.classCount = classCount
    this.classOf = Int32Array.from({ length: wordCount }, (_, word) =>
      word < fixed ? word : fixed + ((word - fixed) % (classCount - fixed)),
    )
    this.after = new Int32Array(classCount * classCount)
    this.before = new Int32Array(classCount * classCount)
    this.afterTotal = new Float64Array(classCount)
    this.beforeTotal = new Float64Array(classCount)
    this.rights = neighboursOf(wordCount, left, right, counts)
    this.lefts = neighboursOf(wordCount, right, left, counts)
    this.right = new ClassCounts(classCount)
    this.left = new ClassCounts(classCount)
    for (let n = 0; n < counts.length; n++) {
      this.addPair(
        this.classOf[left[n] as number] as number,
        this.classOf[right[n] as number] as number,
        counts[n] as number,
      )
    }
  }

  /** Moves every word to its best class; how many moved. */
  round(): number {
    let moved = 0
    for (let word = this.bigrams.fixed; word < this.bigrams.wordCount; word++) {
      const old = this.classOf[word] as number
      this.right.fill(this.rights, word, this.classOf)
      this.left.fill(this.lefts, word, this.classOf)
      this.move(old, -1)
      const best = this.bestClass(old)
      this.move(best, 1)
      if (best === old) continue
      this.classOf[word] = best
      moved++
    }
    return moved
  }

  private addPair(first: number, second: number, count: number): void {
    const { classCount, after, before } = this
    after[first * classCount + second] = (after[first * classCount + second] as number) + count
    before[second * classCount + first] = (before[second * classCount + first] as number) + count
    this.afterTotal[first] = (this.afterTotal[first] as number) + count
    this.beforeTotal[second] = (this.beforeTotal[second] as number) + count
  }

  private move(own: number, sign: number): void {
    const { right, left } = this
    for (let n = 0; n < right.size; n++)
      this.addPair(own, right.classes[n] as number, sign * (right.counts[n] as number))
    for (let n = 0; n < left.size; n++)
      this.addPair(left.classes[n] as number, own, sign * (left.counts[n] as number))
  }

  /** The class that the word whose counts are in `left` and `right` fits best; `old` on a tie. */
  private bestClass(old: number): number {
    let best = old
    let gain = this.gainOf(old)
    for (let other = this.bigrams.fixed; other < this.classCount; other++) {
      const found = this.gainOf(other)
      if (found > gain + 1e-9) {
        gain = found
        best = other
      }
    }
    return best
  }

  private gainOf(own: number): number {
    const { right, left, after, before, afterTotal, beforeTotal, classCount } = this
    const row = own * classCount
    const outgoing = afterTotal[own] as number
    const incoming = beforeTotal[own] as number
    let gain =
      entropy(outgoing) - entropy(outgoing + right.total) + entropy(incoming) - entropy(incoming + left.total)
    for (let n = 0; n < right.size; n++) {
      const known = after[row + (right.classes[n] as number)] as number
      gain += entropy(known + (right.counts[n] as number)) - entropy(known)
    }
    for (let n = 0; n < left.size; n++) {
      const known = before[row + (left.classes[n] as number)] as number
      gain += entropy(known + (left.counts[n] as number)) - entropy(known)
    }
    return gain
  }
}
