/** Postal addresses: street and number in the orders of several languages, boxes, postcodes. */
import { definePattern, example } from '../define.ts'
import { scanOf } from '../text.ts'
import type { Finding, Recogniser, Span } from '../types.ts'

/** Alternatives of words as they are written: lower case, capitalised, all capitals. */
const anyCase = (words: readonly string[]): string =>
  [
    ...new Set(
      words.flatMap((word) => [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()]),
    ),
  ]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('|')

/** A name ends where its word does: a long token could else be cut into names in millions of ways. */
const WORD_ENDS = "(?![\\p{L}\\p{M}\\p{N}'.-])"
const NAME = "[\\p{Lu}0-9][\\p{L}\\p{M}\\p{N}'.-]{0,24}"
const UNIT = `(?:,? {1,2}(?:${anyCase('apt|apartment|suite|ste|unit|flat|floor|fl|room|rm|bldg|building|no|#'.split('|'))})\\.?[ #]{0,2}[0-9A-Z-]{1,6}(?![\\p{L}\\p{N}]))?`
/** USPS Publication 28, appendix C1, with the endings of the United Kingdom, Ireland and Australia. */
const STREET_ENDINGS =
  'street|str|st|avenue|ave|av|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|sq|terrace|ter|way|walk|close|crescent|cres|circle|cir|parkway|pkwy|highway|hwy|trail|trl|row|mews|grove|gardens|gdns|hill|park|parade|pde|loop|alley|plaza|pike|turnpike|ridge|run|path|bend|cove|crossing|point|route|expressway|freeway|causeway|quay|wharf|esplanade|green|rise|vale|view|heights|hollow|landing|manor|meadow|meadows|orchard|overpass|shore|shores|spur|station|stream|summit|throughway|track|tunnel|underpass|union|valley|viaduct|village|ville|vista|islands?|isle|junctions?|keys?|knolls?|lakes?|forges?|forks?|fords?|forests?|glens?|harbors?|havens?|mills?|mission|motorway|mountains?|neck|oval|pass|passage|pines?|plains?|port|prairie|radial|ramp|ranch|rapids?|rest|rivers?|springs?|streets|garden|divide|estates?|extensions?|falls?|ferry|fields?|flats?|brooks?|burgs?|bypass|camp|canyon|cape|centers?|cliffs?|club|common|corners?|course|creek|crest|crossroad|curve|dale|dam|beach|bluff|bottom|branch|bridge|bayou|annex|arcade|anex'

const STREETS = anyCase(
  STREET_ENDINGS.split('|').flatMap((ending) =>
    ending.endsWith('?') ? [ending.slice(0, -1), ending.slice(0, -2)] : [ending],
  ),
)

const numberFirst = definePattern({
  id: 'address_number_first',
  entity: 'ADDRESS',
  pattern: new RegExp(
    `[0-9]{1,6}(?:[A-Za-z]|[-/][0-9]{1,4}[A-Za-z]?)?,? {1,2}(?:(?:[NSEW]|[NS][EW]|North|South|East|West)\\.? )?(?:${NAME} ){1,4}?(?:${STREETS})(?![\\p{L}\\p{N}'])\\.?(?: (?:[NSEW]|[NS][EW])(?![\\p{L}\\p{N}]))?${UNIT}`,
    'u',
  ),
  digits: 1,
  boundary: 'none',
  validate: (_value, match) =>
    !/[\p{L}\p{N}_.,/-]$/u.test(match.input.slice(Math.max(0, match.index - 1), match.index)),
  scores: { plain: 0.75 },
  about: { source: 'USPS Publication 28; Royal Mail PAF' },
  examples: [
    example('lives at 1680 Herrera Lane in town', '1680 Herrera Lane'),
    example('221B Baker Street, London; 10 N. Main St, Apt 4', '221B Baker Street', '10 N. Main St, Apt 4'),
    example('12 Martin Luther King Blvd.', '12 Martin Luther King Blvd.'),
    example('about 10 people on the street'),
    example('5 Stars of the show'),
    example('in 2019 Main events'),
  ],
})

const ROMANCE =
  'calle|c/|avenida|avda|av|plaza|pza|paseo|pº|camino|carretera|ctra|ronda|travesía|travesia|urbanización|urb|glorieta|carrer|passeig|rúa|rue|avenue|boulevard|bd|place|chemin|allée|allées|impasse|quai|cours|route|square|passage|faubourg|via|viale|piazza|corso|largo|vicolo|strada|piazzale|lungomare|contrada|rua|travessa|praça|praca|alameda|estrada|rodovia|beco|ladeira|ul|ulica|aleja|aleje|al|plac|os|osiedle|ulice|náměstí|nám|třída|strada|str|bulevardul|bd|șoseaua|улица|ул|проспект|пр-т|просп|переулок|пер|площадь|пл|бульвар|вулиця|вул|провулок|οδός|λεωφόρος|jalan|jl|lorong|calle|carrera|cra|transversal|diagonal'
const LINKED = `(?:(?:${anyCase('de|do|da|di|del|dei|dos|das|della|dello|delle|degli|du|des|la|le|les|los|las|el|y|e|et|nad|pod|im|św.|dr.|san|santa|saint|sainte|gen.'.split('|'))})(?![\\p{L}])|[dDlL]')[ ]{0,1}`
const HOUSE =
  '(?:n[ºo°]?\\.? {0,2}|núm\\.? |numéro |nr\\.? |№ ?|č\\.p\\. |д\\. ?)?[0-9]{1,5}(?:[ ]?(?:bis|ter|[A-Za-z])(?![\\p{L}\\p{N}]))?(?:[-/][0-9A-Za-z]{1,4}(?![\\p{L}\\p{N}]))?(?:,? {0,2}(?:-|–)? {0,2}(?:[0-9]{1,2} ?[ºª°oa](?![\\p{L}\\p{N}])\\.? ?-?[0-9A-Z]{0,2}[ªºoa]?|piso [0-9]{1,2}|esc\\.? ?[0-9A-Z]{1,2}|apt\\.? ?[0-9A-Z]{1,4}|int\\.? ?[0-9A-Z]{1,4}|m\\. ?[0-9]{1,4}|кв\\. ?[0-9]{1,4}|[0-9]{1,2} ?[A-Z](?![\\p{L}\\p{N}])))?'

const typeFirst = definePattern({
  id: 'address_type_first',
  entity: 'ADDRESS',
  pattern: new RegExp(
    `(?:${anyCase(ROMANCE.split('|'))})(?:\\. ?|/ ?| )(?:${LINKED}|${NAME}(?:[ ]|${WORD_ENDS})){0,6}?(?:${LINKED}|${NAME}[ ]{0,1}),?[ ]{0,2}${HOUSE}`,
    'u',
  ),
  words: ROMANCE.split('|').map((word) => word.replace('/', '')),
  boundary: 'word',
  validate: (value) => /\p{Lu}/u.test(value.slice(1)),
  scores: { plain: 0.75 },
  about: { source: 'Universal Postal Union, S42; national address formats' },
  examples: [
    example('Domicilio: Calle Carmen Romero, 23, 1D.', 'Calle Carmen Romero, 23, 1D'),
    example(
      '12, rue: 5 rue de la Paix; Via Roma 12, Rua do Arenque 1634',
      'Via Roma 12',
      'Rua do Arenque 1634',
    ),
    example('mieszka przy ul. Jana Pawła II 12/4', 'ul. Jana Pawła II 12/4'),
    example('via e-mail until 12'),
    example('place the order of 20'),
    example('al menos 3'),
    example(`al IBAN ${'01000101'.repeat(24)}.`),
  ],
})

const FRENCH = anyCase(
  'rue|avenue|av.|boulevard|bd|place|chemin|allée|allées|impasse|quai|cours|route|square|passage|faubourg|résidence|lotissement|rua|calle|carrer|via'.split(
    '|',
  ),
)

/** Number, then a type that stands in front of the name: the French order. */
const frenchOrder = definePattern({
  id: 'address_number_type_name',
  entity: 'ADDRESS',
  pattern: new RegExp(
    `[0-9]{1,4}(?:[ ]?(?:bis|ter|[A-D]))?,? (?:${FRENCH})(?: |\\. )(?:${LINKED}|${NAME}[ -]{0,1}){1,7}`,
    'u',
  ),
  digits: 1,
  boundary: 'none',
  validate: (value) => /[ '-]\p{Lu}/u.test(value.replace(/^[0-9]+ ?(?:bis|ter|[A-D])?,? \p{L}+/u, '')),
  scores: { plain: 0.75 },
  about: { country: 'FR', source: 'La Poste, norme AFNOR XP Z10-011' },
  examples: [
    example('habite 5 rue de la Paix', '5 rue de la Paix'),
    example("12 bis, avenue de l'Opéra", "12 bis, avenue de l'Opéra"),
    example('3 Place Vendôme', '3 Place Vendôme'),
    example('20 place settings'),
    example('5 rue'),
    example('2 route changes'),
  ],
})

const STREET_WORDS =
  'straße|strasse|str.|weg|platz|gasse|allee|ring|damm|ufer|chaussee|steig|pfad|graben|markt|gatan|gata|vägen|väg|gränd|torget|gade|vej|allé|plads|stræde|veien|vei|gaten|straat|laan|plein|kade|gracht|dijk|steeg|singel|katu|tie|kuja|polku|iela|gatvė|utca|útja|körút|sokak|sokağı|caddesi|cad.|bulvarı'.split(
    '|',
  )
/** Street words that always stand by themselves. */
const STANDALONE = new Set(['u.', 'út', 'tér', 'tn', 'pst', 'g.', 'sk.', 'street', 'st.'])
const HOUSE_NUMBER =
  /[0-9]{1,4}(?: ?[a-zA-Z](?![\p{L}\p{N}]))?(?:[-/][0-9]{1,4}[a-zA-Z]?)?(?![\p{L}\p{N}]|[.,:/-][0-9])/uy
const WORDS_BEFORE = /(?:[\p{L}\p{M}'.-]{1,40}[ ]){1,4}$/u
const CONNECTING = /^(?:am|an|auf|der|dem|den|im|in|zum|zur|van|de|het|den|ter|und|von|of|the)$/u

/** Street words by their last two units: most words in front of a number end like none of them. */
const BY_ENDING = new Map<string, string[]>()
for (const word of [...STREET_WORDS, ...STANDALONE]) {
  const same = BY_ENDING.get(word.slice(-2))
  if (same === undefined) BY_ENDING.set(word.slice(-2), [word])
  else same.push(word)
}

/** Whether the word in front of a number (a comma may stand between) can be a street's last one. */
function endsLikeStreet(text: string, number: number): boolean {
  const end = text.charAt(number - 2) === ',' ? number - 2 : number - 1
  const words = BY_ENDING.get(text.slice(Math.max(0, end - 2), end).toLowerCase())
  if (words === undefined) return false
  const before = text.slice(Math.max(0, end - LONGEST_STREET_WORD), end).toLowerCase()
  return words.some((word) => before.endsWith(word))
}

const LONGEST_STREET_WORD = 12

/** Where a street that ends right before a house number begins; -1 when there is none. */
function streetStart(text: string, number: number): number {
  const before = text.slice(Math.max(0, number - 90), number).replace(/, $/u, '  ')
  const words = WORDS_BEFORE.exec(before.replace(/ {2}$/u, ' '))?.[0].trimEnd().split(' ') ?? []
  const last = words.at(-1) ?? ''
  const lower = last.toLowerCase()
  const ending = STREET_WORDS.find((word) => lower.endsWith(word))
  const alone = STANDALONE.has(lower) || ending === lower
  if ((ending === undefined && !alone) || (!alone && !/^\p{Lu}/u.test(last))) return -1
  let first = words.length - 1
  while (first > 0 && (/^\p{Lu}/u.test(words[first - 1] ?? '') || CONNECTING.test(words[first - 1] ?? '')))
    first -= 1
  while (
    first < words.length - 1 &&
    CONNECTING.test(words[first] ?? '') &&
    !/^\p{Lu}/u.test(words[first] ?? '')
  )
    first += 1
  if (alone && first === words.length - 1) return -1
  const length = words.slice(first).join(' ').length
  return before.replace(/ +$/u, '').length - length + Math.max(0, number - 90)
}

/** The Germanic, Nordic, Baltic, Hungarian and Turkish order: a street whose last word says so, then the number. */
const nameFirst: Recogniser = {
  id: 'address_name_first',
  layer: 'pattern',
  entities: ['ADDRESS'],
  about: { source: 'Universal Postal Union, S42; DIN 5008' },
  examples: [
    example('wohnt in der Lindenstraße 12a, Köln', 'Lindenstraße 12a'),
    example('Karl-Marx-Allee 5 und Lange Str. 7', 'Karl-Marx-Allee 5', 'Lange Str. 7'),
    example(
      'Prinsengracht 263, Storgatan 14, Kossuth Lajos utca 3',
      'Prinsengracht 263',
      'Storgatan 14',
      'Kossuth Lajos utca 3',
    ),
    example('auf dem Weg 3 Leute getroffen'),
    example('der Markt 2024'),
    example('sein Ring 5'),
  ],
  analyse: (analysed) => {
    const text = analysed.canonical
    const { starts } = scanOf(analysed).numbers
    const findings: Finding[] = []
    for (const at of starts) {
      const span = nameFirstAt(text, at)
      if (span !== null)
        findings.push({ entity: 'ADDRESS', span, score: 0.7, recogniser: 'address_name_first' })
    }
    return findings
  },
}

function nameFirstAt(text: string, at: number): Span | null {
  const unit = text.charCodeAt(at)
  if (unit < 0x31 || unit > 0x39 || text.charAt(at - 1) !== ' ' || !endsLikeStreet(text, at)) return null
  HOUSE_NUMBER.lastIndex = at
  const house = HOUSE_NUMBER.exec(text)?.[0]
  if (house === undefined || /^(?:19|20)[0-9]{2}$/u.test(house)) return null
  const start = streetStart(text, at)
  return start < 0 ? null : { start, end: at + house.length }
}

const box = definePattern({
  id: 'address_box',
  entity: 'ADDRESS',
  pattern:
    /(?:p\.? ?o\.? ?box|post office box|postfach|boîte postale|bp|b\.p\.|apartado(?: de correos)?|casella postale|caixa postal|postbus|postboks|box|skrytka pocztowa|а\/я|pmb|poste restante)[ .:]{1,2}(?:n[o°]\.? ?)?[0-9]{1,3}(?:[ .]?[0-9]{1,4})?/iu,
  words: [
    'p',
    'po',
    'pobox',
    'post office box',
    'postfach',
    'boîte postale',
    'bp',
    'b',
    'apartado',
    'casella postale',
    'caixa postal',
    'postbus',
    'postboks',
    'skrytka pocztowa',
    'а',
    'pmb',
  ],
  validate: (value) => !/^(?:b|p|bp) ?[0-9]/iu.test(value),
  scores: { plain: 0.7 },
  about: { source: 'Universal Postal Union, S42' },
  examples: [
    example('write to P.O. Box 1234', 'P.O. Box 1234'),
    example('Postfach 10 20 30, PO Box 55', 'Postfach 10 20', 'PO Box 55'),
    example('Apartado de correos 321', 'Apartado de correos 321'),
    example('box 5 of the cards'),
    example('bp 120 over 80'),
    example('po boxes'),
  ],
})

const ADDRESS_WORDS = [
  'address',
  'postcode',
  'postal',
  'zip',
  'zipcode',
  'post code',
  'lives',
  'living',
  'resides',
  'residing',
  'street',
  'road',
  'avenue',
  'adresse',
  'anschrift',
  'plz',
  'postleitzahl',
  'wohnhaft',
  'wohnt',
  '*straße',
  '*strasse',
  'str.',
  '*weg',
  '*platz',
  'domicilio',
  'dirección',
  'direccion',
  'calle',
  'avenida',
  'código postal',
  'codigo postal',
  'cp',
  'c.p',
  'domicile',
  'domicilié',
  'habite',
  'rue',
  'boulevard',
  'code postal',
  'indirizzo',
  'residente',
  'via',
  'piazza',
  'cap',
  'morada',
  'endereço',
  'rua',
  'cep',
  'adres',
  'woont',
  '*straat',
  '*laan',
  'postnummer',
  '*gatan',
  '*vägen',
  '*gade',
  '*vej',
  'bor',
  'osoite',
  '*katu',
  'ul.',
  'ulica',
  'kod pocztowy',
  'zamieszkał',
  'bydliště',
  'psč',
  'irányítószám',
  'utca',
  'cod poștal',
  'strada',
  'posta kodu',
  'mahallesi',
  'индекс',
  'адрес',
  'улица',
  'ул.',
  'office',
  'suite',
  'apt',
  'located',
  'headquarters',
  'deliver',
  'ship',
]

const postcodes: readonly Recogniser[] = [
  definePattern({
    id: 'postcode_gb',
    entity: 'ADDRESS',
    pattern:
      /(?:GIR ?0AA|(?:[A-PR-UWYZ][0-9]{1,2}|[A-PR-UWYZ][A-HK-Y][0-9]{1,2}|[A-PR-UWYZ][0-9][A-HJKPSTUW]|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRV-Y]) ?[0-9][ABD-HJLNP-UW-Z]{2})/u,
    digits: 2,
    context: ADDRESS_WORDS,
    validate: (value) => value.includes(' ') || value.length >= 6 || /[0-9][0-9][A-Z]{2}$/u.test(value),
    scores: { plain: 0.65, context: 0.9 },
    about: { country: 'GB', subtype: 'POSTCODE', source: 'Royal Mail, Programmers’ Guide; BS 7666' },
    examples: [
      example('SW1A 1AA and EC1A1BB', 'SW1A 1AA', 'EC1A1BB'),
      example('M1 1AE', 'M1 1AE'),
      example('DN55 1PT', 'DN55 1PT'),
      example('QW1A 1AA'),
      example('SW1A 1CA'),
      example('A12 3BCD'),
    ],
  }),
  definePattern({
    id: 'postcode_ca',
    entity: 'ADDRESS',
    pattern: /[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] [0-9][ABCEGHJ-NPRSTV-Z][0-9]/u,
    digits: 3,
    scores: { plain: 0.7 },
    about: { country: 'CA', subtype: 'POSTCODE', source: 'Canada Post addressing guidelines' },
    examples: [
      example('Ottawa ON K1A 0B1', 'K1A 0B1'),
      example('H0H 0H0', 'H0H 0H0'),
      example('(M5V 3L9)', 'M5V 3L9'),
      example('D1A 0B1'),
      example('K1A 0B'),
      example('K1A-0B12'),
    ],
  }),
  definePattern({
    id: 'zip_us',
    entity: 'ADDRESS',
    pattern:
      /(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]),? {1,2}(?<value>[0-9]{5}(?:-[0-9]{4})?)/u,
    digits: 5,
    scores: { plain: 0.75 },
    about: { country: 'US', subtype: 'ZIP', source: 'USPS Publication 28' },
    examples: [
      example('Springfield, IL 62704-1234', '62704-1234'),
      example('New York, NY 10001.', '10001'),
      example('CA 94105', '94105'),
      example('XX 12345'),
      example('CA 9410'),
      example('CA 941055'),
    ],
  }),
  definePattern({
    id: 'postcode_place',
    entity: 'ADDRESS',
    // The code and the name of a place, in either order; a word nearby must say that it is an address.
    pattern:
      /(?:(?:[A-Z]{1,2}-)?[0-9]{4,5}(?= {1,2}\p{Lu}\p{Ll})|[0-9]{3} [0-9]{2}(?= \p{Lu}\p{Ll})|[0-9]{4} ?[A-Z]{2}(?=,? {1,2}\p{Lu}\p{Ll}|[.,\n]|$)|[0-9]{2}-[0-9]{3}(?= \p{Lu})|[0-9]{5}-[0-9]{3}|[0-9]{3}-[0-9]{4}|[0-9]{5}(?:-[0-9]{4})?(?=[.,\n]|$))/u,
    digits: 4,
    context: ADDRESS_WORDS,
    validate: (value) => !/^(?:19|20)[0-9]{2}$/u.test(value),
    scores: { context: 0.65 },
    about: { subtype: 'POSTCODE', source: 'Universal Postal Union, Postcode formats' },
    examples: [
      example('Lindenstraße 12, 50674 Köln', '50674'),
      example('Domicilio: Calle Mayor 3, 28013 Madrid', '28013'),
      example('address: 1012 AB Amsterdam', '1012 AB'),
      example('10000 Euro in cash'),
      example('in 28013 Fällen'),
      example('address of 2019 Winners'),
    ],
  }),
  definePattern({
    id: 'postcode_labelled',
    entity: 'ADDRESS',
    pattern:
      /(?:zip(?: code)?|zipcode|postcode|postal code|post code|plz|postleitzahl|c\.?p\.?|code postal|código postal|cap|cep|postnummer|psč|kod pocztowy|posta kodu|индекс|〒)[ .:#]{0,3}(?<value>[0-9]{3,6}(?:-[0-9]{3,4})?(?: ?[A-Z]{2}(?![\p{L}\p{N}]))?)/iu,
    words: [
      'zip',
      'zipcode',
      'postcode',
      'postal code',
      'post code',
      'plz',
      'postleitzahl',
      'cp',
      'c',
      'code postal',
      'código postal',
      'cap',
      'cep',
      'postnummer',
      'psč',
      'kod pocztowy',
      'posta kodu',
      'индекс',
    ],
    boundary: 'word',
    validate: (value) => value.length >= 4,
    scores: { plain: 0.75 },
    about: { subtype: 'POSTCODE', source: 'Universal Postal Union, Postcode formats' },
    examples: [
      example('CP: 28013. ZIP 10001', '28013', '10001'),
      example('postcode: 1012 AB', '1012 AB'),
      example('PLZ 50674', '50674'),
      example('zip files'),
      example('cap 12'),
      example('c 12'),
    ],
  }),
]

/** All of this file. */
export const ADDRESSES: readonly Recogniser[] = [
  numberFirst,
  typeFirst,
  frenchOrder,
  nameFirst,
  box,
  ...postcodes,
]
