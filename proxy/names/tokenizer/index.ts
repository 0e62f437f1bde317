/** A Hugging Face `tokenizer.json`, read and run here: text in, pieces with their places in the text out. */
import { z } from 'zod'
import { mappedText } from './mapped-text.ts'
import { normalizerOf } from './normalizer.ts'
import { damaged, type Part, partOf, partsOf } from './parts.ts'
import { preTokenizerOf } from './pre-tokenizer.ts'
import { tokenIds, vocabularyOf } from './vocabularies.ts'

/** A piece of a text: its number, and its half-open range in the text. */
export interface TextPiece {
  readonly id: number
  readonly start: number
  readonly end: number
}

/** A tokeniser and the marks around a sequence. */
export interface Tokenizer {
  /** Pieces in order. Text that looks like a special token is text. Linear for texts of lines of bounded length. */
  pieces(text: string): readonly TextPiece[]
  /** What a model wants in front of a sequence, such as `[CLS]`. */
  readonly before: readonly number[]
  readonly after: readonly number[]
}

const fileSchema = z.looseObject({
  model: z.unknown(),
  normalizer: z.unknown(),
  pre_tokenizer: z.unknown(),
  post_processor: z.unknown(),
  added_tokens: z.array(z.looseObject({ id: z.int().min(0), content: z.string().max(256) })).default([]),
})

/** The tokeniser of a file's parsed content. Throws `NamesError` when a part of it is damaged or not supported. */
export function createTokenizer(file: unknown): Tokenizer {
  const parsed = fileSchema.safeParse(file)
  if (!parsed.success) throw damaged('the file')
  const model = modelOf(parsed.data.model)
  const normalize = normalizerOf(partOf(parsed.data.normalizer, 'normalizer'))
  const cut = preTokenizerOf(partOf(parsed.data.pre_tokenizer, 'pre_tokenizer'))
  const vocabulary = vocabularyOf(model)
  const special = new Map(parsed.data.added_tokens.map(({ id, content }) => [content, id]))
  const ids = tokenIds(model)
  const marks = marksOf(partOf(parsed.data.post_processor, 'post_processor'), (token) => {
    const id = special.get(token) ?? ids.get(token)
    if (id === undefined) throw damaged('post_processor')
    return id
  })
  return {
    ...marks,
    pieces(text) {
      const pieces: TextPiece[] = []
      for (const word of cut([normalize(mappedText(text))])) {
        for (const { id, start, end } of vocabulary(word.text)) {
          const from = word.from[start] ?? 0
          pieces.push({ id, start: from, end: Math.max(from, word.to[end - 1] ?? from) })
        }
      }
      return pieces
    },
  }
}

/** Older files leave the type of the model out: it shows in what it holds. */
function modelOf(value: unknown): Part {
  const model = z.looseObject({ type: z.string().optional() }).safeParse(value)
  if (!model.success) throw damaged('model')
  const { type, ...rest } = model.data
  return {
    ...rest,
    type: type ?? ('merges' in rest ? 'BPE' : Array.isArray(rest.vocab) ? 'Unigram' : 'WordPiece'),
  }
}

type Marks = Pick<Tokenizer, 'before' | 'after'>

function marksOf(part: Part | null, idOf: (token: string) => number): Marks {
  for (const one of partsOf(part, 'processors')) {
    if (one.type === 'TemplateProcessing') return templateMarks(one, idOf)
    if (one.type === 'BertProcessing' || one.type === 'RobertaProcessing') {
      const named = z.looseObject({
        cls: z.tuple([z.string(), z.int()]),
        sep: z.tuple([z.string(), z.int()]),
      })
      const marks = named.safeParse(one)
      if (!marks.success) throw damaged('post_processor')
      return { before: [marks.data.cls[1]], after: [marks.data.sep[1]] }
    }
  }
  return { before: [], after: [] }
}

function templateMarks(part: Part, idOf: (token: string) => number): Marks {
  const item = z.union([
    z.looseObject({ SpecialToken: z.looseObject({ id: z.string() }) }),
    z.looseObject({ Sequence: z.unknown() }),
  ])
  const single = z.array(item).max(16).safeParse(part.single)
  if (!single.success) throw damaged('post_processor')
  const before: number[] = []
  const after: number[] = []
  let isBehind = false
  for (const one of single.data) {
    if ('SpecialToken' in one) {
      const { id } = z.looseObject({ id: z.string() }).parse(one.SpecialToken)
      ;(isBehind ? after : before).push(idOf(id))
    } else isBehind = true
  }
  return { before, after }
}
