/**
 * Names behind the words people introduce themselves and others with, in languages that the tagger was not trained
 * on and that write no capitals: Arabic, Persian, Hebrew, Hindi, Korean, Japanese, Chinese and Thai.
 */
import type { Span } from '../types.ts'

/** Group 1 is the name. Each begins with a fixed word and is bounded, so that the search is linear. */
const INTRODUCTIONS: readonly RegExp[] = [
  // "my name is", "his name is", "is called", "Mr", "Mrs", "Dr": then words up to the next small one or joined `w-`.
  introduced(
    'اسمي|إسمي|اسمه|اسمها|اسم الزوج|اسم المريض|يدعى|تدعى|السيد|السيدة|الدكتور|الدكتورة',
    '(?:هو |هي )?',
    '\\p{Script=Arabic}',
    'في من على إلى الى عن مع هو هي أن ان إن قال الذي التي لا لم لن ليس كان',
    'و',
  ),
  /(?<!\p{L})(?:نام من|اسم من|نام او|نام بیمار) (\p{Script=Arabic}{2,20}(?: \p{Script=Arabic}{2,20}){0,2}?) (?:است|می‌باشد)(?!\p{L})/dgu,
  introduced(
    'שמי|שמו|שמה|קוראים לי|השם שלי|מר|גברת|ד"ר',
    '(?:הוא )?',
    '\\p{Script=Hebrew}',
    'הוא היא לא של עם על את אני גם מ ב',
    'ו',
  ),
  /(?<![\p{L}\p{M}])(?:मेरा|उनका|उसका|इनका|मरीज का|पति का|पत्नी का) (?:पूरा )?नाम ([\p{Script=Devanagari}]{2,24}(?: [\p{Script=Devanagari}]{2,24}){0,2}?) (?:है|था|हैं)(?![\p{L}\p{M}])/dgu,
  /(?<!\p{L})(?:(?:제|내|저의|나의) 이름은|성함은) ?([가-힣]{2,4}?)(?=입니다|이에요|예요|이고|이며|라고|[\s.,!]|$)/dgu,
  /(?:名前は|氏名は|本名は) ?([\p{Script=Han}\p{Script=Katakana}\p{Script=Hiragana}ー]{2,10}?)(?=です|と申|といい|と言|だ[。、]|[。、\s]|$)/dgu,
  /(?:私は|わたくし) ?([\p{Script=Han}\p{Script=Katakana}ー]{2,10}?)(?=と申します|と申し)/dgu,
  /(?:我叫|我名叫|我的名字是|我的名字叫|他叫|她叫|名字叫|姓名是)([\p{Script=Han}·]{2,8}?)(?=[，。、；！？,.;!?\s]|$)/dgu,
  /(?:ผมชื่อ|ดิฉันชื่อ|ฉันชื่อ|หนูชื่อ|เขาชื่อ) ?([\p{Script=Thai}]{2,24}(?: [\p{Script=Thai}]{2,24})?)/dgu,
]

function introduced(lead: string, link: string, letter: string, stop: string, joined: string): RegExp {
  const word = `(?!(?:${stop.split(' ').join('|')})(?!\\p{L}))${letter}[${letter}\\p{M}]{1,20}`
  return new RegExp(
    `(?<![\\p{L}\\p{M}])(?:${lead}) ${link}(${word}(?: (?!${joined})${word}){0,2})(?![\\p{L}\\p{M}])`,
    'dgu',
  )
}

/** Whether a text has letters of these scripts at all. */
const FOREIGN = /[\u0590-\u06ff\u0900-\u097f\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/

/** Where names stand that a text introduces; in no order. Linear. */
export function introducedNames(text: string): readonly Span[] {
  if (!FOREIGN.test(text)) return []
  return INTRODUCTIONS.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ indices }) => {
      const [start, end] = indices?.[1] ?? [0, 0]
      return { start, end }
    }),
  )
}
