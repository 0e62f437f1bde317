/** The three ways to cut a word into pieces of a vocabulary: WordPiece, byte-pair merges, Unigram. */
import { z } from 'zod'
import { damaged, flag, type Part, textField, unsupported } from './parts.ts'

/** A piece of a word: its number in the vocabulary, and its range in the word. */
export interface WordPiece {
  readonly id: number
  readonly start: number
  readonly end: number
}

/** Cuts one word. Linear in its length for words of bounded length; longer ones are one unknown piece or are cut. */
export type Vocabulary = (word: string) => readonly WordPiece[]

const MAX_ENTRIES = 2_000_000
/** Merging is quadratic in a word's length, so longer ones are merged in parts of this size. */
const MAX_MERGED = 256
const UNKNOWN_PENALTY = 10

/** The vocabulary that the `model` of the file describes. Throws `NamesError`. */
export function vocabularyOf(model: Part): Vocabulary {
  switch (model.type) {
    case 'WordPiece':
      return wordPiece(model)
    case 'BPE':
      return bytePairs(model)
    case 'Unigram':
      return unigram(model)
    default:
      throw unsupported(`the model ${model.type}`)
  }
}

/** Tokens and their numbers. */
export function tokenIds(model: Part): ReadonlyMap<string, number> {
  if (model.type === 'Unigram') return new Map(scoredTokens(model).map(([token], id) => [token, id]))
  const shape = z.record(z.string(), z.int().min(0))
  const vocabulary = shape.safeParse(model.vocab)
  if (!vocabulary.success) throw damaged('model.vocab')
  const entries = Object.entries(vocabulary.data)
  if (entries.length > MAX_ENTRIES) throw damaged('model.vocab')
  return new Map(entries)
}

function unknownId(model: Part, ids: ReadonlyMap<string, number>): number {
  return ids.get(textField(model, 'unk_token', '[UNK]')) ?? 0
}

function wordPiece(model: Part): Vocabulary {
  const ids = tokenIds(model)
  const unknown = unknownId(model, ids)
  const prefix = textField(model, 'continuing_subword_prefix', '##')
  const longest = typeof model.max_input_chars_per_word === 'number' ? model.max_input_chars_per_word : 100
  return (word) => {
    const whole = [{ id: unknown, start: 0, end: word.length }]
    if (word.length > longest) return whole
    const pieces: WordPiece[] = []
    let start = 0
    while (start < word.length) {
      let end = word.length
      let id: number | undefined
      for (; end > start; end--) {
        id = ids.get(start === 0 ? word.slice(0, end) : prefix + word.slice(start, end))
        if (id !== undefined) break
      }
      if (id === undefined) return whole
      pieces.push({ id, start, end })
      start = end
    }
    return pieces
  }
}

function mergeRanks(model: Part): ReadonlyMap<string, number> {
  const shape = z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])).max(MAX_ENTRIES)
  const merges = shape.safeParse(model.merges)
  if (!merges.success) throw damaged('model.merges')
  return new Map(
    merges.data.map((merge, rank) => [typeof merge === 'string' ? merge : merge.join(' '), rank]),
  )
}

function bytePairs(model: Part): Vocabulary {
  const ids = tokenIds(model)
  const ranks = mergeRanks(model)
  const unknown = unknownId(model, ids)
  const suffix = textField(model, 'end_of_word_suffix', '')
  if (suffix !== '') throw unsupported('end_of_word_suffix')
  const takesWhole = flag(model, 'ignore_merges', false)
  return (word) => {
    const whole = takesWhole ? ids.get(word) : undefined
    if (whole !== undefined) return [{ id: whole, start: 0, end: word.length }]
    const pieces: WordPiece[] = []
    for (let from = 0; from < word.length; from += MAX_MERGED) {
      let at = from
      for (const piece of merged([...word.slice(from, from + MAX_MERGED)], ranks)) {
        pieces.push({ id: ids.get(piece) ?? unknown, start: at, end: at + piece.length })
        at += piece.length
      }
    }
    return pieces
  }
}

/** Merges neighbours, the earliest-learnt merge first, until none is left. */
function merged(pieces: string[], ranks: ReadonlyMap<string, number>): readonly string[] {
  for (;;) {
    let best = Number.POSITIVE_INFINITY
    let place = -1
    for (let at = 0; at + 1 < pieces.length; at++) {
      const rank = ranks.get(`${pieces[at]} ${pieces[at + 1]}`)
      if (rank !== undefined && rank < best) {
        best = rank
        place = at
      }
    }
    if (place < 0) return pieces
    pieces.splice(place, 2, `${pieces[place]}${pieces[place + 1]}`)
  }
}

function scoredTokens(model: Part): readonly (readonly [string, number])[] {
  const tokens = z
    .array(z.tuple([z.string(), z.number()]))
    .min(1)
    .max(MAX_ENTRIES)
    .safeParse(model.vocab)
  if (!tokens.success) throw damaged('model.vocab')
  return tokens.data
}

function unigram(model: Part): Vocabulary {
  const tokens = scoredTokens(model)
  const ids = new Map(tokens.map(([token], id) => [token, id]))
  const scores = tokens.map(([, score]) => score)
  const longest = tokens.reduce((most, [token]) => Math.max(most, token.length), 1)
  const unknown = typeof model.unk_id === 'number' ? model.unk_id : 0
  const worst = scores.reduce((least, score) => Math.min(least, score), 0) - UNKNOWN_PENALTY
  return (word) => bestPath(word, { ids, scores, longest, unknown, worst })
}

interface UnigramTable {
  readonly ids: ReadonlyMap<string, number>
  readonly scores: readonly number[]
  readonly longest: number
  readonly unknown: number
  /** Score of an unknown character. */
  readonly worst: number
}

/** The likeliest cut of a word, by dynamic programming over its ends. */
function bestPath(word: string, table: UnigramTable): readonly WordPiece[] {
  const best = new Float64Array(word.length + 1).fill(Number.NEGATIVE_INFINITY)
  const from = new Int32Array(word.length + 1)
  const id = new Int32Array(word.length + 1)
  best[0] = 0
  const offer = (start: number, end: number, piece: number, score: number): void => {
    const total = (best[start] ?? 0) + score
    if (total <= (best[end] ?? 0)) return
    best[end] = total
    from[end] = start
    id[end] = piece
  }
  for (let start = 0; start < word.length; start++) {
    if (best[start] === Number.NEGATIVE_INFINITY) continue
    const step = (word.codePointAt(start) ?? 0) > 0xffff ? 2 : 1
    offer(start, Math.min(word.length, start + step), table.unknown, table.worst)
    const limit = Math.min(word.length, start + table.longest)
    for (let end = start + 1; end <= limit; end++) {
      const piece = table.ids.get(word.slice(start, end))
      if (piece !== undefined) offer(start, end, piece, table.scores[piece] ?? table.worst)
    }
  }
  const pieces: WordPiece[] = []
  for (let end = word.length; end > 0; end = from[end] ?? 0)
    pieces.push({ id: id[end] ?? 0, start: from[end] ?? 0, end })
  return pieces.reverse()
}
