/** E-mail addresses written so that machines overlook them: "jane at example dot com", "jane[at]example.com". */
import { definePattern, example } from '../define.ts'
import { type TextScan, WordTable } from '../scan.ts'
import type { Recogniser } from '../types.ts'

const AT =
  'at|arroba|arobase|arobas|chiocciola|ät|klammeraffe|apenstaartje|apestaart|małpa|snabel-a|snabela|krøllalfa|kukac|zavináč|собака|собачка|ät-merkki'
const DOT = 'dot|punkt|punto|point|ponto|punt|kropka|prik|punktum|piste|pont|tečka|točka|bodka|точка|крапка'
/** Words for the other signs of a name, longest first. */
const SIGN =
  "nedre strek|nižší podtržítko|нижнее подч[её]ркивание|подч[её]ркивание|guion bajo|guión bajo|tiret bas|trattino basso|liggend streepje|laag streepje|trait d'union|traço inferior|underscore|underline|unterstrich|bindestrich|sublinhado|koppelteken|understreck|bindestreck|understregning|bindestreg|understrek|bindestrek|alaviiva|väliviiva|yhdysmerkki|podkreślnik|podkreślenie|myślnik|podtržítko|pomlčka|trattino|streepje|hyphen|minus|tiret|guion|guión|traço|hífen|dash|plus|дефис|тире|плюс"
const OPEN = '[ \\t]{0,2}[\\[({<*_-]{0,2}[ \\t]{0,2}'
const CLOSE = '[ \\t]{0,2}[\\])}>*_-]{0,2}[ \\t]{0,2}'
const JOINT = `[ \\t]{1,2}(?:${SIGN})[ \\t]{1,2}`
const PART = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,40}[\\p{L}\\p{N}])?'
const LABEL = `${PART}(?:${JOINT}${PART}){0,2}`
const SEPARATOR = `(?:\\.|${OPEN}(?<![\\p{L}\\p{N}])(?:${DOT})(?![\\p{L}\\p{N}])${CLOSE})`
const NAME = `[\\p{L}\\p{N}_+-]{1,40}(?:(?:\\.|${JOINT}|[ ]?[\\[({<*_-]?[ ]?(?<![\\p{L}\\p{N}])(?:${DOT})(?![\\p{L}\\p{N}])[ ]?[\\])}>*_-]?[ ]?)[\\p{L}\\p{N}_+-]{1,40}){0,3}`
const ENDING =
  'com|org|net|edu|gov|info|biz|io|eu|me|co|de|at|ch|fr|be|nl|es|pt|br|it|uk|ie|pl|cz|sk|hu|ro|se|no|dk|fi|ru|ua|us|ca|au|nz|in|jp|cn|mx|ar|example|test|local'

const AT_WORDS = new WordTable(AT.split('|').map((word) => [word, true] as const))
const DOT_WORDS = new WordTable(DOT.split('|').map((word) => [word, true] as const))
const NAME_BEFORE = new RegExp(`${NAME}$`, 'iu')

const SAID_DOT = new RegExp(`(?<![\\p{L}])(?:${DOT})(?![\\p{L}])`, 'iu')

/** Where an address could start: the name in front of an "at" that is bracketed or has a "dot" soon after. */
function starts(scan: TextScan, text: string): readonly number[] {
  const found: number[] = []
  const dots: number[] = []
  DOT_WORDS.each(text, scan.words, (start) => dots.push(start))
  let next = 0
  AT_WORDS.each(text, scan.words, (start, end) => {
    while (next < dots.length && (dots[next] ?? 0) <= end) next += 1
    const hasDot = (dots[next] ?? Number.POSITIVE_INFINITY) - end <= REACH
    if (!hasDot && !/[[({<*_-]\s?$/u.test(text.slice(Math.max(0, start - 3), start))) return
    const from = Math.max(0, start - 90)
    const before = text.slice(from, start).replace(/[ \t]{0,2}[[({<*_-]{0,2}[ \t]{0,2}$/u, '')
    const name = NAME_BEFORE.exec(before)
    if (name !== null) found.push(from + name.index)
  })
  return found
}

/** Units behind an "at" within which a "dot" belongs to it. */
const REACH = 60

/** Spelled with words for `@` and dot in the languages of Europe, or with brackets around them. */
export const emailSpelled: Recogniser = definePattern({
  id: 'email_spelled',
  entity: 'EMAIL',
  pattern: new RegExp(
    `${NAME}${OPEN}(?<![\\p{L}\\p{N}])(?:${AT})(?![\\p{L}\\p{N}])${CLOSE}(?:${LABEL}${SEPARATOR}){1,4}(?:${ENDING})`,
    'iu',
  ),
  starts,
  boundary: 'word',
  validate: (value) =>
    !/(?<![[({<] ?) at (?!.*(?:dot|period|\.))/iu.test(value) &&
    (/[[({<]/u.test(value) || SAID_DOT.test(value)),
  scores: { plain: 0.8 },
  about: { subtype: 'SPELLED', source: 'usage in 15 languages' },
  examples: [
    example('reach jane dot doe at example dot com please', 'jane dot doe at example dot com'),
    example(
      'jane[at]example.com or jane (at) example (dot) org',
      'jane[at]example.com',
      'jane (at) example (dot) org',
    ),
    example('juan arroba example punto es', 'juan arroba example punto es'),
    example(
      'to bob underscore smith at my dash company dot com now',
      'bob underscore smith at my dash company dot com',
    ),
    example('ana guion bajo paz arroba example punto es', 'ana guion bajo paz arroba example punto es'),
    example('max unterstrich muster ät example punkt de', 'max unterstrich muster ät example punkt de'),
    example('meet at example.com tomorrow'),
    example('look at the dot'),
    example('arrived at noon. Com'),
  ],
})

const CAPITAL_AT = AT.split('|')
  .filter((word) => /^\p{L}+$/u.test(word))
  .map((word) => word.toUpperCase())
  .join('|')
const CAPITAL_DOT = DOT.toUpperCase()
const SMALL = '[\\p{Ll}\\p{N}_-]'

/** `janeDOTdoeATexampleDOTcom`: the words in capitals are all that parts it. */
export const emailInCapitals: Recogniser = definePattern({
  id: 'email_in_capitals',
  entity: 'EMAIL',
  pattern: new RegExp(
    `${SMALL}{1,40}(?:(?:${CAPITAL_DOT}|\\.)${SMALL}{1,40}){0,4}(?:${CAPITAL_AT})${SMALL}{1,40}(?:(?:${CAPITAL_DOT}|\\.)${SMALL}{2,40}){1,4}`,
    'u',
  ),
  starts: capitalStarts,
  boundary: 'word',
  validate: (value) => new RegExp(`(?:${CAPITAL_DOT}|[.])(?:${ENDING})$`, 'u').test(value),
  scores: { plain: 0.8 },
  about: { subtype: 'SPELLED', source: 'usage in 15 languages' },
  examples: [
    example('write to janeDOTdoeATexampleDOTcom today', 'janeDOTdoeATexampleDOTcom'),
    example('juan.perezARROBAexample.es', 'juan.perezARROBAexample.es'),
    example('janePUNKTdoeATexamplePUNKTde', 'janePUNKTdoeATexamplePUNKTde'),
    example('the janeDOTdoe handle'),
    example('formATted.text'),
    example('camelCASEname'),
  ],
})

/** Words of small letters with a group of capitals inside; of dotted names, the first. */
function capitalStarts(scan: TextScan, text: string): readonly number[] {
  const { starts, ends, count } = scan.words
  const found: number[] = []
  for (let i = 0; i < count; i += 1) {
    const start = starts[i] ?? 0
    const end = ends[i] ?? 0
    if (end - start < 6) continue
    let isMixed = false
    for (let at = start + 1; at < end - 2 && !isMixed; at += 1) {
      const unit = text.charCodeAt(at)
      const next = text.charCodeAt(at + 1)
      isMixed = unit >= 0x41 && unit <= 0x5a && next >= 0x41 && next <= 0x5a
    }
    if (!isMixed) continue
    let from = start
    while (from > 0 && start - from < 120 && /[\p{Ll}\p{N}_.-]/u.test(text.charAt(from - 1))) from -= 1
    found.push(from)
  }
  return found
}
