/** Postal addresses of Japan, China, Taiwan and Korea: from the largest unit to the number of the house and the flat. */
import { definePattern, example } from '../define.ts'
import type { TextScan } from '../scan.ts'
import type { Recogniser } from '../types.ts'

const HAN = '[\\p{Script=Han}々ヶケヵ]'
const NAME = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}々ー]'
/** The 47 prefectures. Source: ISO 3166-2:JP. */
const PREFECTURES = `東京都|北海道|京都府|大阪府|(?:${
  '青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|' +
  '兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄'
})県`
const COUNT = '[0-9一二三四五六七八九十]{1,4}'
/** Block, building and lot: `1-2-3`, `1丁目19番11号`. */
const LOT = `(?:${COUNT}(?:丁目|番地|番|号)|[0-9]{1,4}-[0-9]{1,4})(?:[-の]?${COUNT}(?:丁目|番地|番|号)?){0,3}`
const FLAT = `(?:[ 、]?(?:${NAME}|[A-Za-z]){2,16}[ ]?[0-9]{1,4}(?:号室|号|階|室|F)?(?![0-9]))?`

/** Offsets of matches, for texts that have a character of a kind at all. */
const startsOf =
  (kind: RegExp, place: RegExp) =>
  (_scan: TextScan, text: string): readonly number[] =>
    kind.test(text) ? [...text.matchAll(place)].map(({ index }) => index) : []

const japan = definePattern({
  id: 'address_japan',
  entity: 'ADDRESS',
  pattern: new RegExp(`(?:${PREFECTURES})?${NAME}{1,20}?${LOT}${FLAT}`, 'u'),
  starts: startsOf(/[市区町村郡]/u, new RegExp(`(?:${PREFECTURES})|${HAN}{1,5}[市区郡]`, 'gu')),
  boundary: 'none',
  validate: (value) => /[市区町村郡]/u.test(value),
  scores: { plain: 0.75 },
  about: { country: 'JP', source: 'Act on Indication of Residential Address; ISO 3166-2:JP' },
  examples: [
    example('東京都渋谷区神南1-2-3 パークハイツ405号です', '東京都渋谷区神南1-2-3 パークハイツ405号'),
    example('住所：大阪府大阪市北区梅田三丁目1番3号', '大阪府大阪市北区梅田三丁目1番3号'),
    example('横浜市西区みなとみらい2-3-1に', '横浜市西区みなとみらい2-3-1'),
    example('東京都の人口は1400万人'),
    example('市場の3-2の試合'),
    example('2021年3月1日'),
  ],
})

const japanPostcode = definePattern({
  id: 'postcode_japan',
  entity: 'ADDRESS',
  pattern: /〒 ?(?<value>[0-9]{3}-?[0-9]{4})(?![0-9])/u,
  starts: startsOf(/〒/u, /〒/gu),
  boundary: 'none',
  scores: { plain: 0.9 },
  about: { country: 'JP', subtype: 'POSTCODE', source: 'Japan Post' },
  examples: [
    example('〒150-0041 東京都', '150-0041'),
    example('〒1500041', '1500041'),
    example('(〒 530-0001)', '530-0001'),
    example('150-0041'),
    example('〒150-004'),
    example('〒 の記号'),
  ],
})

const STREET = '(?:路|街|大道|道|巷|弄|胡同|村|里)'
const UNIT = '(?:号楼|栋|棟|幢|单元|單元|座|楼|樓|层|層|室|号|號)'
/** Farthest that an address begins in front of the number of its house. */
const MOST_BEFORE = 36
/** Words that lead to an address; what stands behind the last of them is the address. */
const LEADS = /^.*(?:[在于於是址住到为為位往]|地址)/u

/** Where the characters begin that lead to a house number, from what leads there on. */
function chineseStarts(_scan: TextScan, text: string): readonly number[] {
  if (!/[号號]/u.test(text)) return []
  const starts: number[] = []
  for (const { index } of text.matchAll(/(?<![0-9])[0-9]{1,5}(?:之[0-9]{1,3})?[号號]/gu)) {
    const before = text.slice(Math.max(0, index - MOST_BEFORE), index)
    const run = /[\p{Script=Han}0-9]{1,36}$/u.exec(before)?.[0] ?? ''
    const lead = LEADS.exec(run)?.[0].length ?? 0
    if (run.length > lead) starts.push(index - run.length + lead)
  }
  return starts
}

const china = definePattern({
  id: 'address_china',
  entity: 'ADDRESS',
  pattern: new RegExp(
    `\\p{Script=Han}{2,28}?${STREET}(?:[0-9一二三四五六七八九十]{1,3}段)?(?:[0-9]{1,4}[巷弄]){0,2}[0-9]{1,5}(?:之[0-9]{1,3})?[号號](?:[ ,]?[0-9A-Z一二三四五六七八九十]{1,4}${UNIT}){0,4}`,
    'u',
  ),
  starts: chineseStarts,
  boundary: 'none',
  scores: { plain: 0.7 },
  about: { source: 'GB/T 23705; Chunghwa Post address format' },
  examples: [
    example('我住在北京市朝阳区建国路88号2号楼1203室。', '北京市朝阳区建国路88号2号楼1203室'),
    example('地址:台北市信義區信義路五段7號', '台北市信義區信義路五段7號'),
    example('寄到上海市南京东路20号', '上海市南京东路20号'),
    example('第88号文件'),
    example('3月5号出发'),
    example('在路上走了88步'),
  ],
})

const HANGUL = '[가-힣]'

const korea = definePattern({
  id: 'address_korea',
  entity: 'ADDRESS',
  pattern: new RegExp(
    `(?:${HANGUL}{1,8}(?:시|도|군|구) ){1,3}(?:${HANGUL}{1,6}[읍면] )?(?:[가-힣0-9]{1,12}(?:로|길) ?[0-9]{1,4}(?:-[0-9]{1,4})?(?:번길 ?[0-9]{1,4}(?:-[0-9]{1,4})?)?|[가-힣0-9]{1,10}[동리] [0-9]{1,4}(?:-[0-9]{1,4})?)(?![0-9])(?:,? ?(?:${HANGUL}{1,12} ?)?(?:[0-9]{1,4}동 ?)?[0-9]{1,5}[호층])?`,
    'u',
  ),
  starts: startsOf(/[가-힣]/u, new RegExp(`(?<!${HANGUL})${HANGUL}{1,8}(?:시|도) `, 'gu')),
  boundary: 'none',
  scores: { plain: 0.75 },
  about: { country: 'KR', source: 'Road Name Address Act' },
  examples: [
    example('서울특별시 강남구 테헤란로 152에', '서울특별시 강남구 테헤란로 152'),
    example(
      '주소: 경기도 성남시 분당구 판교역로 166, 101동 1203호',
      '경기도 성남시 분당구 판교역로 166, 101동 1203호',
    ),
    example('서울시 종로구 사직동 1-57', '서울시 종로구 사직동 1-57'),
    example('다시 3시에'),
    example('서울시 인구는 900만'),
    example('경기도 3명'),
  ],
})

/** All of this file. */
export const ADDRESSES_ASIA: readonly Recogniser[] = [japan, japanPostcode, china, korea]
