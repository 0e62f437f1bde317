/** Identifiers of many countries: how one is issued, how it is written, what stands in front of it. */
import type { SeededRandom } from '../train/ner/random.ts'
import { hybridDigit, icaoDigit, luhnDigit, verhoeffDigit, weighted } from './arithmetic.ts'

/** One identifier. */
export interface IdentifierKind {
  /** The detectors' subtype, or the recogniser's id where there is none. */
  readonly id: string
  /** What people write in front of it, in the country's languages and English. */
  readonly labels: readonly string[]
  /** A valid one, compact. */
  make(random: SeededRandom): string
  /** Lengths of the groups it is written in, and what stands between them. */
  readonly groups?: readonly (readonly [sizes: readonly number[], separator: string])[]
}

const digits = (random: SeededRandom, count: number): string =>
  Array.from({ length: count }, () => random.below(10)).join('')
const two = (value: number): string => String(value).padStart(2, '0')
const from = (random: SeededRandom, alphabet: string, count: number): string =>
  Array.from({ length: count }, () => random.pick([...alphabet])).join('')
const day = (random: SeededRandom): string => two(1 + random.below(28))
const month = (random: SeededRandom): string => two(1 + random.below(12))
const year = (random: SeededRandom): string => two(50 + random.below(49))
const CONSONANTS = 'BCDFGHJKLMNPQRSTVWXYZ'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Draws bodies until one has a check digit: some algorithms never issue a rest of ten. */
function issued(draw: () => string, close: (body: string) => string | null): string {
  for (;;) {
    const body = draw()
    const closed = close(body)
    if (closed !== null) return closed
  }
}

const elevenDigit = (sum: number): string | null => (sum % 11 === 10 ? null : String(sum % 11))
const baltic = (body: string): string => {
  const first = weighted(body, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11
  const second = weighted(body, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11
  return String(first < 10 ? first : second % 10)
}
const kind = (
  id: string,
  labels: string,
  make: IdentifierKind['make'],
  groups?: IdentifierKind['groups'],
): IdentifierKind => ({ id, labels: labels.split('|'), make, ...(groups && { groups }) })

const AMERICAS: readonly IdentifierKind[] = [
  kind('US_ABA_ROUTING', 'routing number|ABA', (random) => {
    const body = random.pick(['01', '02', '03', '06', '07', '11', '12']) + digits(random, 6)
    return body + String((10 - (weighted(body, [3, 7, 1, 3, 7, 1, 3, 7]) % 10)) % 10)
  }),
  kind('US_NPI', 'NPI|national provider identifier', (random) => {
    const body = `1${digits(random, 8)}`
    return body + luhnDigit(`80840${body}`)
  }),
  kind('US_DEA', 'DEA number|DEA', (random) => {
    const body = digits(random, 6)
    return `B${from(random, LETTERS, 1)}${body}${weighted(body, [1, 2, 1, 2, 1, 2]) % 10}`
  }),
  kind(
    'CA_SIN',
    'SIN|social insurance number|NAS',
    (random) => {
      const body = String(1 + random.below(7)) + digits(random, 7)
      return body + luhnDigit(body)
    },
    [
      [[3, 3, 3], ' '],
      [[3, 3, 3], '-'],
    ],
  ),
  kind('MX_CURP', 'CURP', (random) => {
    const body = `${from(random, CONSONANTS, 1)}${from(random, 'AEIO', 1)}${from(random, CONSONANTS, 2)}${year(random)}${month(random)}${day(random)}${from(random, 'HM', 1)}DF${from(random, 'BCDFGHJKLMNPQRST', 3)}0`
    const alphabet = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ'
    const sum = [...body].reduce((total, unit, i) => total + alphabet.indexOf(unit) * (18 - i), 0)
    return body + String((10 - (sum % 10)) % 10)
  }),
  kind(
    'BR_CPF',
    'CPF',
    (random) => {
      const body = digits(random, 9)
      const check = (text: string): string =>
        String(
          ((weighted(
            text,
            [...text].map((_, i) => text.length + 1 - i),
          ) *
            10) %
            11) %
            10,
        )
      const first = body + check(body)
      return first + check(first)
    },
    [[[3, 3, 3, 2], '.']],
  ),
  kind('BR_CNPJ', 'CNPJ', (random) => {
    const body = `${digits(random, 8)}0001`
    const rest = (sum: number): string => String(sum % 11 < 2 ? 0 : 11 - (sum % 11))
    const first = body + rest(weighted(body, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]))
    return first + rest(weighted(first, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]))
  }),
  kind(
    'AR_CUIT',
    'CUIT|CUIL',
    (random) =>
      issued(
        () => `20${digits(random, 8)}`,
        (body) => {
          const check = (11 - (weighted(body, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11
          return check === 10 ? null : body + String(check)
        },
      ),
    [[[2, 8, 1], '-']],
  ),
  kind(
    'CL_RUT',
    'RUT',
    (random) => {
      const body = `1${digits(random, 7)}`
      const check = 11 - (weighted(body, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)
      return body + (check === 11 ? '0' : check === 10 ? 'K' : String(check))
    },
    [[[8, 1], '-']],
  ),
]

const WEST: readonly IdentifierKind[] = [
  kind(
    'GB_NHS',
    'NHS number|NHS no',
    (random) =>
      issued(
        () => `4${digits(random, 8)}`,
        (body) => {
          const check = (11 - (weighted(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11
          return check === 10 ? null : body + String(check)
        },
      ),
    [
      [[3, 3, 4], ' '],
      [[3, 3, 4], '-'],
    ],
  ),
  kind('GB_UTR', 'UTR|unique taxpayer reference', (random) => {
    const body = digits(random, 9)
    return '21987654321'.charAt(weighted(body, [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11) + body
  }),
  kind('IE_PPS', 'PPS number|PPSN', (random) => {
    const body = digits(random, 7)
    return body + 'WABCDEFGHIJKLMNOPQRSTUV'.charAt(weighted(body, [8, 7, 6, 5, 4, 3, 2]) % 23)
  }),
  kind(
    'DE_STEUERID',
    'Steuer-ID|Steueridentifikationsnummer|tax id',
    (random) => {
      const order = [...'0123456789']
        .map((digit) => [random.next(), digit] as const)
        .sort((a, b) => a[0] - b[0])
      const body = order.map(([, digit]) => digit)
      if (body[0] === '0') [body[0], body[1]] = [body[1] ?? '1', '0']
      body[9] = body[4] ?? '5'
      return body.join('') + hybridDigit(body.join(''))
    },
    [[[2, 3, 3, 3], ' ']],
  ),
  kind('DE_SOZIALVERSICHERUNG', 'Rentenversicherungsnummer|Sozialversicherungsnummer', (random) => {
    const letter = from(random, LETTERS, 1)
    const start = `15${day(random)}${month(random)}${year(random)}`
    const serial = digits(random, 2)
    const numeric = start + two(letter.charCodeAt(0) - 64) + serial
    const sum = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1].reduce((total, weight, i) => {
      const product = weight * Number(numeric[i])
      return total + Math.floor(product / 10) + (product % 10)
    }, 0)
    return `${start}${letter}${serial}${sum % 10}`
  }),
  kind('DE_KRANKENVERSICHERUNG', 'Krankenversichertennummer|KVNR', (random) => {
    const letter = from(random, LETTERS, 1)
    const body = digits(random, 8)
    const numeric = two(letter.charCodeAt(0) - 64) + body
    const sum = [...numeric].reduce((total, digit, i) => {
      const product = Number(digit) * (i % 2 === 0 ? 1 : 2)
      return total + Math.floor(product / 10) + (product % 10)
    }, 0)
    return letter + body + String(sum % 10)
  }),
  kind('DE_PERSONALAUSWEIS', 'Personalausweis Nr.|Ausweisnummer', (random) => {
    const body = `L${from(random, '0123456789CFGHJKLMNPRTVWXYZ', 6)}${digits(random, 1)}`
    return body + icaoDigit(body)
  }),
  kind(
    'AT_SVNR',
    'Sozialversicherungsnummer|SVNR',
    (random) =>
      issued(
        () => `${1 + random.below(9)}${digits(random, 2)}${day(random)}${month(random)}${year(random)}`,
        (body) => {
          const check = elevenDigit(weighted(body, [3, 7, 9, 5, 8, 4, 2, 1, 6]))
          return check === null ? null : body.slice(0, 3) + check + body.slice(3)
        },
      ),
    [[[4, 6], ' ']],
  ),
  kind(
    'CH_AHV',
    'AHV-Nummer|numéro AVS',
    (random) => {
      const body = `756${digits(random, 9)}`
      return body + String((10 - (weighted(body, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10)
    },
    [[[3, 4, 4, 2], '.']],
  ),
  kind(
    'FR_NIR',
    'numéro de sécurité sociale|NIR',
    (random) => {
      const body = `${1 + random.below(2)}${year(random)}${month(random)}${two(1 + random.below(95))}${String(1 + random.below(900)).padStart(3, '0')}${String(1 + random.below(900)).padStart(3, '0')}`
      return body + two(97 - Number(BigInt(body) % 97n))
    },
    [[[1, 2, 2, 2, 3, 3, 2], ' ']],
  ),
  kind(
    'FR_SIRET',
    'SIREN',
    (random) => {
      const body = String(3 + random.below(5)) + digits(random, 7)
      return body + luhnDigit(body)
    },
    [[[3, 3, 3], ' ']],
  ),
  kind(
    'NL_BSN',
    'BSN|burgerservicenummer',
    (random) =>
      issued(
        () => String(1 + random.below(8)) + digits(random, 7),
        (body) => {
          const check = elevenDigit(weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]))
          return check === null ? null : body + check
        },
      ),
    [[[4, 2, 3], '.']],
  ),
  kind(
    'BE_NRN',
    'rijksregisternummer|numéro de registre national',
    (random) => {
      const body = `${year(random)}${month(random)}${day(random)}${String(1 + random.below(996)).padStart(3, '0')}`
      return body + two(97 - (Number(body) % 97))
    },
    [[[6, 3, 2], '-']],
  ),
  kind('LU_MATRICULE', 'matricule', (random) => {
    const body = `19${year(random)}${month(random)}${day(random)}${digits(random, 3)}`
    return body + luhnDigit(body) + verhoeffDigit(body)
  }),
]

const SOUTH: readonly IdentifierKind[] = [
  kind(
    'ES_NIF',
    'DNI|NIF',
    (random) => {
      const body = digits(random, 8)
      return body + 'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(Number(body) % 23)
    },
    [
      [[8, 1], '-'],
      [[8, 1], ' '],
    ],
  ),
  kind('ES_NIE', 'NIE', (random) => {
    const letter = random.below(3)
    const body = digits(random, 7)
    return 'XYZ'.charAt(letter) + body + 'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(Number(letter + body) % 23)
  }),
  kind('ES_NUSS', 'número de la seguridad social|NUSS', (random) => {
    const body = `28${1 + random.below(9)}${digits(random, 7)}`
    return body + two(Number(BigInt(body) % 97n))
  }),
  kind(
    'PT_NIF',
    'NIF|número de contribuinte',
    (random) => {
      const body = `2${digits(random, 7)}`
      const check = 11 - (weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)
      return body + String(check > 9 ? 0 : check)
    },
    [[[3, 3, 3], ' ']],
  ),
  kind('IT_CODICE_FISCALE', 'codice fiscale', (random) => {
    const body = `${from(random, 'BCDFGLMNPRSTV', 6)}${year(random)}${from(random, 'ABCDEHLMPRST', 1)}${day(random)}${from(random, 'ABCDEFGHIL', 1)}${1 + random.below(9)}${digits(random, 2)}`
    const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
    const sum = [...body].reduce((total, unit, i) => {
      const value = /[0-9]/u.test(unit) ? Number(unit) : unit.charCodeAt(0) - 65
      return total + (i % 2 === 0 ? (odd[value] ?? 0) : value)
    }, 0)
    return body + LETTERS.charAt(sum % 26)
  }),
  kind('IT_PARTITA_IVA', 'partita IVA|P.IVA', (random) => {
    const body = digits(random, 7) + random.pick(['001', '015', '058', '063'])
    return body + luhnDigit(body)
  }),
  kind('GR_AFM', 'ΑΦΜ|AFM', (random) => {
    const body = `0${1 + random.below(9)}${digits(random, 6)}`
    return body + String((weighted(body, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10)
  }),
  kind('GR_AMKA', 'ΑΜΚΑ|AMKA', (random) => {
    const body = day(random) + month(random) + year(random) + digits(random, 4)
    return body + luhnDigit(body)
  }),
  kind('TR_TCKN', 'TC kimlik no|TCKN', (random) => {
    const body = String(1 + random.below(9)) + digits(random, 8)
    const odd = weighted(body, [1, 0, 1, 0, 1, 0, 1, 0, 1])
    const even = weighted(body, [0, 1, 0, 1, 0, 1, 0, 1, 0])
    const tenth = (((odd * 7 - even) % 10) + 10) % 10
    return `${body}${tenth}${(odd + even + tenth) % 10}`
  }),
]

const NORTH_AND_EAST: readonly IdentifierKind[] = [
  kind('SE_PERSONNUMMER', 'personnummer', (random) => {
    const body = year(random) + month(random) + day(random) + digits(random, 3)
    return `${body.slice(0, 6)}-${body.slice(6)}${luhnDigit(body)}`
  }),
  kind(
    'NO_FODSELSNUMMER',
    'fødselsnummer',
    (random) =>
      issued(
        () => day(random) + month(random) + year(random) + digits(random, 3),
        (body) => {
          const first = (11 - (weighted(body, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11
          const second = (11 - (weighted(body + String(first), [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11
          return first === 10 || second === 10 ? null : `${body}${first}${second}`
        },
      ),
    [[[6, 5], ' ']],
  ),
  kind('FI_HETU', 'henkilötunnus|HETU', (random) => {
    const date = day(random) + month(random) + year(random)
    const serial = String(2 + random.below(897)).padStart(3, '0')
    return `${date}-${serial}${'0123456789ABCDEFHJKLMNPRSTUVWXY'.charAt(Number(date + serial) % 31)}`
  }),
  kind('EE_ISIKUKOOD', 'isikukood', (random) => {
    const body = `3${year(random)}${month(random)}${day(random)}${digits(random, 3)}`
    return body + baltic(body)
  }),
  kind('LT_ASMENS_KODAS', 'asmens kodas', (random) => {
    const body = `4${year(random)}${month(random)}${day(random)}${digits(random, 3)}`
    return body + baltic(body)
  }),
  kind('LV_PERSONAS_KODS', 'personas kods', (random) =>
    issued(
      () => `${day(random)}${month(random)}${year(random)}1${digits(random, 3)}`,
      (body) => {
        const check = (1101 - weighted(body, [1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11
        return check === 10 ? null : `${body.slice(0, 6)}-${body.slice(6)}${check}`
      },
    ),
  ),
  kind('PL_PESEL', 'PESEL', (random) => {
    const body = year(random) + month(random) + day(random) + digits(random, 4)
    return body + String((10 - (weighted(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10)
  }),
  kind(
    'PL_NIP',
    'NIP',
    (random) =>
      issued(
        () => `${1 + random.below(9)}${1 + random.below(9)}${1 + random.below(9)}${digits(random, 6)}`,
        (body) => {
          const check = elevenDigit(weighted(body, [6, 5, 7, 2, 3, 4, 5, 6, 7]))
          return check === null ? null : body + check
        },
      ),
    [[[3, 3, 2, 2], '-']],
  ),
  kind('PL_REGON', 'REGON', (random) => {
    const body = digits(random, 8)
    return body + String((weighted(body, [8, 9, 2, 3, 4, 5, 6, 7]) % 11) % 10)
  }),
  kind('CZ_RODNE_CISLO', 'rodné číslo', (random) =>
    issued(
      () => year(random) + month(random) + day(random) + digits(random, 3),
      (body) => {
        const rest = Number(body) % 11
        return rest === 10 ? null : `${body.slice(0, 6)}/${body.slice(6)}${rest}`
      },
    ),
  ),
  kind('RO_CNP', 'CNP', (random) => {
    const body = `1${year(random)}${month(random)}${day(random)}${two(1 + random.below(46))}${String(1 + random.below(900)).padStart(3, '0')}`
    const rest = weighted(body, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
    return body + String(rest === 10 ? 1 : rest)
  }),
  kind('BG_EGN', 'ЕГН|EGN', (random) => {
    const body = year(random) + month(random) + day(random) + digits(random, 3)
    return body + String((weighted(body, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10)
  }),
  kind(
    'HU_TAJ',
    'TAJ szám|TAJ',
    (random) => {
      const body = digits(random, 8)
      return body + String(weighted(body, [3, 7, 3, 7, 3, 7, 3, 7]) % 10)
    },
    [[[3, 3, 3], ' ']],
  ),
  kind('HR_OIB', 'OIB', (random) => {
    const body = digits(random, 10)
    return body + hybridDigit(body)
  }),
  kind('UA_RNOKPP', 'РНОКПП|ІПН', (random) => {
    const body = `3${digits(random, 8)}`
    const sum = weighted(body, [-1, 5, 7, 9, 4, 6, 10, 5, 7])
    return body + String((((sum % 11) + 11) % 11) % 10)
  }),
  kind(
    'RU_SNILS',
    'СНИЛС',
    (random) => {
      const body = `1${digits(random, 8)}`
      const sum = weighted(body, [9, 8, 7, 6, 5, 4, 3, 2, 1])
      return body + two((sum % 101) % 100)
    },
    [[[3, 3, 3, 2], ' ']],
  ),
  kind('RU_INN', 'ИНН', (random) => {
    const body = `77${digits(random, 8)}`
    const first = (weighted(body, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10
    const second = (weighted(body + String(first), [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10
    return `${body}${first}${second}`
  }),
]

const ELSEWHERE: readonly IdentifierKind[] = [
  kind('IL_TEUDAT_ZEHUT', 'תעודת זהות|teudat zehut', (random) => {
    const body = `3${digits(random, 7)}`
    return body + luhnDigit(body)
  }),
  kind(
    'IN_AADHAAR',
    'Aadhaar|aadhaar number',
    (random) => {
      const body = `${2 + random.below(8)}${digits(random, 10)}`
      return body + verhoeffDigit(body)
    },
    [
      [[4, 4, 4], ' '],
      [[4, 4, 4], '-'],
    ],
  ),
  kind('SG_NRIC', 'NRIC|FIN', (random) => {
    const body = digits(random, 7)
    return `S${body}${'JZIHGFEDCBA'.charAt(weighted(body, [2, 7, 6, 5, 4, 3, 2]) % 11)}`
  }),
  kind(
    'TH_NATIONAL_ID',
    'เลขประจำตัวประชาชน|Thai ID',
    (random) => {
      const body = `${1 + random.below(8)}${digits(random, 11)}`
      return body + String((11 - (weighted(body, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10)
    },
    [[[1, 4, 5, 2, 1], '-']],
  ),
  kind(
    'JP_MY_NUMBER',
    'マイナンバー|My Number',
    (random) => {
      const body = digits(random, 11)
      const rest = weighted(body, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
      return body + String(rest <= 1 ? 0 : 11 - rest)
    },
    [[[4, 4, 4], ' ']],
  ),
  kind('CN_RESIDENT_ID', '身份证号|resident identity card', (random) => {
    const body = `110105${1950 + random.below(50)}${month(random)}${day(random)}${digits(random, 3)}`
    return (
      body + '10X98765432'.charAt(weighted(body, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11)
    )
  }),
  kind('HK_HKID', 'HKID|香港身份證', (random) => {
    const letter = from(random, LETTERS, 1)
    const body = digits(random, 6)
    const sum = 36 * 9 + (letter.charCodeAt(0) - 55) * 8 + weighted(body, [7, 6, 5, 4, 3, 2])
    return `${letter}${body}(${'0123456789A'.charAt((11 - (sum % 11)) % 11)})`
  }),
  kind('TW_NATIONAL_ID', '身分證字號|Taiwan national ID', (random) => {
    const letter = from(random, 'ABCDEFGHJK', 1)
    const code = 10 + 'ABCDEFGHJK'.indexOf(letter)
    const body = `1${digits(random, 7)}`
    const sum = Math.floor(code / 10) + (code % 10) * 9 + weighted(body, [8, 7, 6, 5, 4, 3, 2, 1])
    return letter + body + String((10 - (sum % 10)) % 10)
  }),
  kind(
    'AU_TFN',
    'TFN|tax file number',
    (random) =>
      issued(
        () => String(1 + random.below(8)) + digits(random, 7),
        (body) => {
          for (let check = 0; check < 10; check += 1)
            if (weighted(body + String(check), [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0)
              return body + String(check)
          return null
        },
      ),
    [[[3, 3, 3], ' ']],
  ),
  kind(
    'AU_ABN',
    'ABN',
    (random) => {
      const body = digits(random, 9)
      const sum = weighted(body, [3, 5, 7, 9, 11, 13, 15, 17, 19])
      return (
        String(10 + ((89 - (sum % 89)) % 89))
          .padStart(2, '0')
          .slice(-2) + body
      )
    },
    [[[2, 3, 3, 3], ' ']],
  ),
  kind(
    'AU_MEDICARE',
    'Medicare number|Medicare card',
    (random) => {
      const body = `${2 + random.below(5)}${digits(random, 7)}`
      return `${body}${weighted(body, [1, 3, 7, 9, 1, 3, 7, 9]) % 10}${1 + random.below(5)}`
    },
    [[[4, 5, 1], ' ']],
  ),
  kind('ZA_ID', 'South African ID|ID number', (random) => {
    const body = `${year(random)}${month(random)}${day(random)}${digits(random, 4)}08`
    return body + luhnDigit(body)
  }),
  kind(
    'VISA',
    'card|credit card',
    (random) => {
      const body = `4${digits(random, 14)}`
      return body + luhnDigit(body)
    },
    [
      [[4, 4, 4, 4], ' '],
      [[4, 4, 4, 4], '-'],
    ],
  ),
  kind('IMEI', 'IMEI', (random) => {
    const body = `35${digits(random, 12)}`
    return body + luhnDigit(body)
  }),
]

/** All of them. */
export const IDENTIFIER_KINDS: readonly IdentifierKind[] = [
  ...AMERICAS,
  ...WEST,
  ...SOUTH,
  ...NORTH_AND_EAST,
  ...ELSEWHERE,
]
