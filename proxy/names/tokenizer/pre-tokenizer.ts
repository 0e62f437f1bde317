/** The pre-tokenisers of `tokenizer.json`: how a text is cut into words before these are cut into pieces. */
import { byteLetter } from './byte-letters.ts'
import { MappedBuilder, type MappedText, mapMatches, sliceOf } from './mapped-text.ts'
import { flag, type Part, partsOf, patternOf, textField, unsupported } from './parts.ts'

/** Cuts words into smaller ones, and may write them in another way. */
export type PreTokenizer = (words: readonly MappedText[]) => readonly MappedText[]

const PUNCTUATION = /[!-/:-@[-`{-~\p{P}]/gu
/** GPT-2's cut into words; source: its published tokeniser. */
const BYTE_LEVEL_WORDS = /'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu

/** The pre-tokeniser that a part describes. Throws `NamesError` for kinds that are not supported. */
export function preTokenizerOf(part: Part | null): PreTokenizer {
  const steps = partsOf(part, 'pretokenizers').map(stepOf)
  return (words) => steps.reduce((cut, step) => step(cut), words)
}

function stepOf(part: Part): PreTokenizer {
  switch (part.type) {
    case 'BertPreTokenizer':
      return (words) => isolated(pieces(words, /\S+/gu), PUNCTUATION)
    case 'Whitespace':
      return (words) => pieces(words, /[\p{L}\p{M}\p{N}_]+|[^\p{L}\p{M}\p{N}_\s]+/gu)
    case 'WhitespaceSplit':
      return (words) => pieces(words, /\S+/gu)
    case 'Punctuation':
      return (words) => isolated(words, PUNCTUATION)
    case 'Digits':
      return (words) => isolated(words, flag(part, 'individual_digits', false) ? /\p{N}/gu : /\p{N}+/gu)
    case 'Split':
      return split(part)
    case 'ByteLevel':
      return byteLevel(part)
    case 'Metaspace':
      return metaspace(part)
    default:
      throw unsupported(`the pre-tokeniser ${part.type}`)
  }
}

/** What matches; the rest is dropped. */
function pieces(words: readonly MappedText[], pattern: RegExp): MappedText[] {
  return words.flatMap((word) =>
    [...word.text.matchAll(pattern)].map((match) =>
      sliceOf(word, match.index, match.index + match[0].length),
    ),
  )
}

/** What matches and what stands between, all of it. */
function isolated(words: readonly MappedText[], pattern: RegExp): MappedText[] {
  return words.flatMap((word) => {
    const cut: MappedText[] = []
    let at = 0
    const upTo = (end: number): void => {
      if (end > at) cut.push(sliceOf(word, at, end))
      at = end
    }
    for (const match of word.text.matchAll(pattern)) {
      upTo(match.index)
      upTo(match.index + match[0].length)
    }
    upTo(word.text.length)
    return cut
  })
}

function split(part: Part): PreTokenizer {
  const pattern = patternOf(part)
  const behavior = textField(part, 'behavior', 'Isolated')
  if (flag(part, 'invert', false)) return (words) => pieces(words, pattern)
  if (behavior === 'Isolated') return (words) => isolated(words, pattern)
  if (behavior === 'Removed') return (words) => between(words, pattern)
  throw unsupported(`Split with ${behavior}`)
}

function between(words: readonly MappedText[], pattern: RegExp): MappedText[] {
  return words.flatMap((word) => {
    const cut: MappedText[] = []
    let at = 0
    for (const match of word.text.matchAll(pattern)) {
      if (match.index > at) cut.push(sliceOf(word, at, match.index))
      at = match.index + match[0].length
    }
    if (word.text.length > at) cut.push(sliceOf(word, at, word.text.length))
    return cut
  })
}

function byteLevel(part: Part): PreTokenizer {
  const adds = flag(part, 'add_prefix_space', true)
  const cuts = flag(part, 'use_regex', true)
  return (words) => {
    const spaced = adds ? words.map((word) => withPrefix(word, ' ')) : words
    return (cuts ? pieces(spaced, BYTE_LEVEL_WORDS) : spaced).map(asByteLetters)
  }
}

/** Every byte of the UTF-8 form as one letter: a character of several bytes becomes several units. */
function asByteLetters(word: MappedText): MappedText {
  const builder = new MappedBuilder(word)
  for (let at = 0; at < word.text.length; ) {
    const char = String.fromCodePoint(word.text.codePointAt(at) ?? 0)
    for (const byte of Buffer.from(char)) builder.add(byteLetter(byte), at, at + char.length)
    at += char.length
  }
  return builder.done()
}

function metaspace(part: Part): PreTokenizer {
  const mark = textField(part, 'replacement', '▁')
  const scheme = textField(part, 'prepend_scheme', flag(part, 'add_prefix_space', true) ? 'always' : 'never')
  const cuts = flag(part, 'split', true)
  const word = new RegExp(`${mark}?[^${mark}]+|${mark}`, 'gu')
  return (words) => {
    const marked = words.map((one, n) => {
      const adds = scheme === 'always' || (scheme === 'first' && n === 0)
      return mapMatches(adds ? withPrefix(one, ' ') : one, / /gu, () => mark)
    })
    return cuts ? pieces(marked, word) : marked
  }
}

function withPrefix(word: MappedText, prefix: string): MappedText {
  if (word.text === '' || word.text.startsWith(prefix)) return word
  const builder = new MappedBuilder(word)
  builder.insert(prefix, 0)
  for (let at = 0; at < word.text.length; at++) builder.add(word.text.charAt(at), at, at + 1)
  return builder.done()
}
