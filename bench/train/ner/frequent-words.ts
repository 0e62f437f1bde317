/** The frequent words of every language, without the names among them: the counts are of film subtitles, full of names. */
import { LANGUAGE_SHIFT, LANGUAGES, LexiconBit } from '../../../detectors/ner/lexicon.ts'
import { type LexiconBuilder, readList } from './lexicon-builder.ts'
import type { Casing } from './vocabulary.ts'

const FREQUENT_WORDS = 15_000
const FUNCTION_WORDS = 200
const SURELY_WORDS = 1500
const MANY_LANGUAGES = 5
/** Words seen less often say nothing about how they are written. */
const FEW_TIMES = 3
/** So many words of a language are pronouns, articles, auxiliaries and other glue, or nearly so. */
const GLUE_WORDS = 150
const LISTED_NAME = LexiconBit.given | LexiconBit.family | LexiconBit.country

/** How words are written in mid-sentence, by language ('' for all but German), then hash of the word. */
export type CasingByLanguage = ReadonlyMap<string, ReadonlyMap<number, Casing>>

/** Adds the frequent words; those that are frequent beyond doubt are given back, in small letters. */
export function addFrequentWords(
  builder: LexiconBuilder,
  folder: string,
  casings: CasingByLanguage,
): ReadonlySet<string> {
  const ranks = new Map<string, number>()
  const functionWords = new Set<string>()
  const rows = readList(folder, 'common_words.tsv')
  const isInternational = namesInManyLanguages(builder, rows)
  for (const [word = '', language = ''] of rows) {
    const rank = ranks.get(language) ?? 0
    ranks.set(language, rank + 1)
    if (rank < FUNCTION_WORDS) functionWords.add(word)
    const index = LANGUAGES.indexOf(language)
    if (rank >= FREQUENT_WORDS || index < 0) continue
    const isListed = (builder.bitsOf(word) & LISTED_NAME) !== 0
    if (rank >= SURELY_WORDS && (isListed || isInternational(word))) continue
    if (rank >= FUNCTION_WORDS && isWrittenAsName(builder, word, language, casings)) continue
    builder.add(word, 1 << (LANGUAGE_SHIFT + index))
    if (rank < GLUE_WORDS && !isListed) builder.markFunctionWord(word)
  }
  return functionWords
}

/** Rare given names that are frequent in the films of many languages: words are of one or two. */
function namesInManyLanguages(
  builder: LexiconBuilder,
  rows: readonly (readonly string[])[],
): (word: string) => boolean {
  const counts = new Map<string, number>()
  for (const [word = ''] of rows) counts.set(word, (counts.get(word) ?? 0) + 1)
  return (word) =>
    (counts.get(word) ?? 0) >= MANY_LANGUAGES && (builder.bitsOf(word) & LexiconBit.givenRare) !== 0
}

/** Whether a word mostly has a capital in mid-sentence, where its language gives capitals to names alone. */
function isWrittenAsName(
  builder: LexiconBuilder,
  word: string,
  language: string,
  casings: CasingByLanguage,
): boolean {
  if (language === 'de') return false
  const hash = builder.hashOf(word)
  const own = casings.get(language)?.get(hash)
  const casing = own !== undefined && own.capital + own.lower >= FEW_TIMES ? own : casings.get('')?.get(hash)
  return casing !== undefined && casing.capital >= FEW_TIMES && casing.capital > 2 * casing.lower
}

/** The words, by hash, that are mostly written in small letters where nothing asks for a capital. */
export function plainWords(casings: CasingByLanguage): number[] {
  const found: number[] = []
  for (const [hash, { lower, capital }] of casings.get('') ?? [])
    if (lower >= FEW_TIMES && lower > 2 * capital) found.push(hash)
  return found
}
