import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createVault, restoreText, type SlotFindings, sanitise, sanitiseSteps } from '../../restore/index.ts'
import { isGeneric } from '../../restore/names.ts'
import { cpuMs, type Found, KEY, placeholderOf, restoreAll, sanitiseTexts, vaultOf } from './support.ts'

/** Sanitises and proves that everything comes back. */
function roundTrip(
  texts: readonly string[],
  found: readonly (readonly Found[])[],
): ReturnType<typeof sanitiseTexts> {
  const outcome = sanitiseTexts(texts, found)
  assert.deepEqual(restoreAll(outcome, texts), texts)
  return outcome
}

/** What is left of the texts once placeholders are gone. */
function visible(texts: readonly string[]): string {
  return texts.join('\n').replace(/[A-Z][A-Z0-9_]*_[0-9A-HJKMNP-TV-Z]{5,16}/g, '#')
}

const ANNA: readonly Found[] = [['PERSON', 'Anna Schmidt']]

const EVERYWHERE: readonly [
  name: string,
  value: readonly [string, string],
  elsewhere: string,
  visible: string,
][] = [
  ['the same value', ['PERSON', 'Anna Schmidt'], 'I met Anna Schmidt.', 'I met #.'],
  ['capitals', ['PERSON', 'Anna Schmidt'], 'ANNA SCHMIDT', '#'],
  ['lower case', ['PERSON', 'Anna Schmidt'], 'anna schmidt', '#'],
  ['possessive', ['PERSON', 'Anna Schmidt'], "Anna Schmidt's and Anna Schmidt’s", "#'s and #’s"],
  ['possessive of a name in s', ['PERSON', 'James Sanders'], "James' car, Sanders’ car", "#' car, #’ car"],
  ['German genitive', ['PERSON', 'Anna Schmidt'], 'Schmidts Auto, Annas, schmidts', '#s Auto, #s, #s'],
  ['Dutch and Turkish apostrophes', ['PERSON', 'Ayşe Yılmaz'], "Ayşe'nin, Yılmaz’ın", "#'nin, #’ın"],
  ['French and Italian elision', ['PERSON', 'Anna Rossi'], "d'Anna, dell’Anna", "d'#, dell’#"],
  ['Swedish genitive', ['PERSON', 'Sven Lindqvist'], 'Lindqvists bil, SVENS', '#s bil, #'],
  ['Polish cases', ['PERSON', 'Anna Kowalska'], 'Anny Kowalskiej, Annie, Annę, Kowalską', '# #, #, #, #'],
  ['Polish cases of men', ['PERSON', 'Marek Nowak'], 'Marka Nowaka, Nowakowi', '# #a, #owi'],
  ['Czech cases', ['PERSON', 'Pavel Novák'], 'Pavla, Novákovi, u Nováků', '#, #ovi, u #ů'],
  ['Russian cases', ['PERSON', 'Анна Иванова'], 'Анне Ивановой, АННУ', '# #, #'],
  ['Russian cases of men', ['PERSON', 'Сергей Достоевский'], 'Сергею Достоевскому', '# #'],
  ['Hungarian endings', ['PERSON', 'Nagy István'], 'Istvánnak, Nagytól', '#nak, #tól'],
  ['Finnish endings', ['PERSON', 'Matti Virtanen'], 'Virtasen, Matille, Virtaselle', '#, Matille, #'],
  ['Greek cases', ['PERSON', 'Νίκος Παπαδόπουλος'], 'του Νίκου Παπαδόπουλου', 'του # #'],
  ['endings of a name alone', ['PERSON', 'Schmidt'], 'Schmidts', '#s'],
  [
    'no ending of a name',
    ['PERSON', 'Anna Berg'],
    'Bergwerk, Annalen, Annahme',
    'Bergwerk, Annalen, Annahme',
  ],
  ['no ending of a word', ['PERSON', 'Will Stone'], 'wills and stones', 'wills and stones'],
  ['other white space', ['PERSON', 'Anna Schmidt'], 'Anna\n  Schmidt', '#'],
  ['joined', ['PERSON', 'Anna Schmidt'], 'user annaschmidt', 'user #'],
  ['in an identifier', ['PERSON', 'Anna Schmidt'], '/home/anna_schmidt/x', '/home/#/x'],
  ['family name alone', ['PERSON', 'Anna Schmidt'], 'Frau Schmidt, SCHMIDT, schmidt', 'Frau #, #, #'],
  ['given name alone', ['PERSON', 'Anna Schmidt'], 'Dear Anna,', 'Dear #,'],
  ['not inside a word', ['PERSON', 'Anna Schmidt'], 'Annabel Schmidthausen', 'Annabel Schmidthausen'],
  ['not beside an accent', ['PERSON', 'Ren Sato'], 'René', 'René'],
  [
    'names that are words',
    ['PERSON', 'Will White'],
    'white wine will do, White said to Will',
    'white wine will do, # said to #',
  ],
  ['titles are no names', ['PERSON', 'Dr. Anna Schmidt'], 'Dr. No', 'Dr. No'],
  ['particles are no names', ['PERSON', 'Vincent van Gogh'], 'a van for Gogh', 'a van for #'],
  [
    'halves of a double name',
    ['PERSON', 'Eva Müller-Lüdenscheidt'],
    'Frau Müller und Frau Lüdenscheidt',
    'Frau # und Frau #',
  ],
  ['accents left out', ['PERSON', 'José García'], 'Jose Garcia, GARCÍA', '#, #'],
  ['decomposed', ['PERSON', 'José García'], 'Jose\u0301 Garci\u0301a', '#'],
  ['sharp s', ['PERSON', 'Jo Strauß'], 'STRAUSS', '#'],
  ['full width', ['PERSON', 'Anna Schmidt'], 'Ａｎｎａ　Ｓｃｈｍｉｄｔ', '#'],
  ['invisible characters', ['PERSON', 'Anna Schmidt'], 'An\u200bna Sch\u00admidt', '#'],
  ['Cyrillic', ['PERSON', 'Анна Каренина'], 'АННА КАРЕНИНА, Каренина', '#, #'],
  ['Chinese without spaces', ['PERSON', '李小龙'], '我认识李小龙先生', '我认识#先生'],
  ['Korean with a particle', ['PERSON', '김철수'], '김철수는 갔다', '#는 갔다'],
  ['Japanese Katakana as a whole word', ['PERSON', 'アンナ'], 'アンナさん アンナベル', '#さん アンナベル'],
  ['Thai', ['PERSON', 'สมชาย'], 'คุณสมชายไป', 'คุณ#ไป'],
  [
    'card with other separators',
    ['CREDIT_CARD', '4111 1111 1111 1111'],
    '4111-1111-1111-1111 and 4111111111111111',
    '# and #',
  ],
  ['phone with other separators', ['PHONE', '+1 (415) 555-0132'], '1.415.555.0132', '#'],
  ['IBAN without spaces', ['IBAN', 'GB82 WEST 1234 5698 7654 32'], 'gb82west12345698765432', '#'],
  ['SSN', ['US_SSN', '078-05-1120'], '078051120', '#'],
  ['digits of another script', ['PHONE', '4155550132'], '٤١٥٥٥٥٠١٣٢', '#'],
  ['an address inside a word', ['EMAIL', 'anna@example.com'], 'xanna@example.com', 'x#'],
  ['a key inside a word', ['API_KEY', 'zq8w7e6r5t4y'], 'KEY=zq8w7e6r5t4yzz', 'KEY=#zz'],
  ['a short number only as written', ['US_SSN', '1120'], '1120, 1-120, 11200, x1120', '#, 1-120, 11200, x#'],
  ['a short word only capitalised', ['LOCATION', 'Nice'], 'Nice, NICE, nice', '#, #, nice'],
  ['two letters only as written', ['LOCATION', 'US'], 'US us Us', '# us Us'],
  ['not an age elsewhere', ['AGE', '42'], 'line 42', 'line 42'],
  [
    'not a word that names nobody',
    ['USERNAME', 'assistant'],
    'You are an assistant.',
    'You are an assistant.',
  ],
  ['a value without letters', ['PASSWORD', '!?!?!'], 'x!?!?!y', 'x#y'],
  ['a password with its signs', ['PASSWORD', '.hunter2!'], 'hunter2 .hunter2!', '# #'],
  ['behind an escape in source text', ['PERSON', 'Anna Schmidt'], '"\\nAnna Schmidt\\n"', '"\\n#\\n"'],
]

for (const [name, value, elsewhere, expected] of EVERYWHERE) {
  test(`every occurrence: ${name}`, () => {
    const { texts } = roundTrip([`x: ${value[1]};`, elsewhere], [[value]])
    assert.equal(visible(texts.slice(0, 1)), 'x: #;')
    assert.equal(visible(texts.slice(1)), expected)
  })
}

test('every spelling has a placeholder of its own, and the same spelling the same one', () => {
  const { texts, vault } = roundTrip(['Anna Schmidt, ANNA SCHMIDT', 'Anna Schmidt'], [ANNA])
  assert.equal(texts[0], `${placeholderOf(vault, 'Anna Schmidt')}, ${placeholderOf(vault, 'ANNA SCHMIDT')}`)
  assert.equal(texts[1], placeholderOf(vault, 'Anna Schmidt'))
})

test('a longer conversation keeps what was sent before byte by byte', () => {
  const history = ['Anna Schmidt wrote.', 'Call +1 415 555 0132 or Bo Li.']
  const found: Found[][] = [
    [['PERSON', 'Anna Schmidt']],
    [
      ['PHONE', '+1 415 555 0132'],
      ['PERSON', 'Bo Li'],
    ],
  ]
  const before = sanitiseTexts(history, found).texts
  const longer = sanitiseTexts(
    [...history, 'Also Carl Maria von Weber.'],
    [...found, [['PERSON', 'Carl Maria von Weber']]],
  )
  assert.deepEqual(longer.texts.slice(0, 2), before)
})

test('slots without a change are not written, others once', () => {
  const { writes } = sanitiseTexts(['Anna Schmidt and Anna Schmidt', 'nothing'], [ANNA])
  assert.deepEqual(writes, [1, 0])
  assert.deepEqual(sanitiseTexts(['nothing', 'here'], []).writes, [0, 0])
})

const TOUCHING: readonly [name: string, text: string, found: readonly Found[], expected: string][] = [
  [
    'overlapping findings become one',
    'Anna Schmidt Weber',
    [
      ['PERSON', 0, 12],
      ['ORG', 5, 18],
    ],
    '#',
  ],
  [
    'a finding inside another is dropped',
    'anna@example.com',
    [
      ['EMAIL', 0, 16],
      ['PERSON', 0, 4],
    ],
    '#',
  ],
  [
    'the same finding twice is one',
    'Anna',
    [
      ['PERSON', 0, 4],
      ['PERSON', 0, 4],
    ],
    '#',
  ],
  ['a capital before', 'XAnna y', [['PERSON', 1, 5]], '# y'],
  ['capitals behind', 'annaXY z', [['PERSON', 0, 4]], '# z'],
  ['digits behind', 'anna42 z', [['PERSON', 0, 4]], '# z'],
  ['a lower-case letter behind', 'Annas Buch', [['PERSON', 0, 4]], '#s Buch'],
  ['half of a surrogate pair', 'a😀b', [['MISC', 1, 2]], 'a#b'],
  ['the other half', 'a😀b', [['MISC', 2, 3]], 'a#b'],
  ['beyond the end', 'Anna', [['PERSON', 0, 99]], '#'],
  ['before the beginning', 'Anna', [['PERSON', -5, 4]], '#'],
  ['empty', 'Anna', [['PERSON', 2, 2]], 'Anna'],
  ['reversed', 'Anna', [['PERSON', 3, 1]], 'Anna'],
  ['not a number', 'Anna', [['PERSON', Number.NaN, 3]], 'Anna'],
  ['something like a type before', 'person_Anna', [['PERSON', 7, 11]], 'person_#'],
]
for (const [name, text, found, expected] of TOUCHING) {
  test(`ranges: ${name}`, () => {
    assert.equal(visible(roundTrip([text], [found]).texts), expected)
  })
}

test('findings that touch keep their types', () => {
  const { vault } = roundTrip(
    ['田中東京'],
    [
      [
        ['PERSON', 0, 2],
        ['LOCATION', 2, 4],
      ],
    ],
  )
  assert.deepEqual(
    [...vault.entries()].map(({ entity, value }) => [entity, value]),
    [
      ['PERSON', '田中'],
      ['LOCATION', '東京'],
    ],
  )
})

test('what a joined range is made of is looked for as a whole', () => {
  const { texts } = roundTrip(['see XAnna now', 'and XAnna, xanna'], [[['PERSON', 5, 9]]])
  assert.equal(visible(texts.slice(1)), 'and #, #')
})

const LOOK_ALIKES: readonly [text: string, isOne: boolean][] = [
  ['PERSON_7KQ2F', true],
  ['see PERSON_7KQ2F.', true],
  ['PERSON_7KQ2Fs', true],
  ['IP_ADDRESS_A1B2C3', true],
  ['person_names', false],
  ['HEALTH_CHECK', false],
  ['EMAIL_REGEX', false],
  ['AGE_12345', false],
  ['HMAC_SHA256', false],
  ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', false],
  ['UNKNOWN_7KQ2F', false],
  ['XPERSON_7KQ2F', false],
  ['PERSON_7KQ2', false],
]
for (const [text, isOne] of LOOK_ALIKES) {
  test(`${JSON.stringify(text)} is ${isOne ? 'replaced like a value' : 'left alone'}`, () => {
    const { texts, vault } = roundTrip([text], [])
    assert.equal(vault.size, isOne ? 1 : 0)
    assert.equal(texts[0] !== text, isOne)
  })
}

test('an issued placeholder typed by a user, in any spelling, comes back as typed and is not the value', () => {
  const issued = vaultOf(['PERSON', 'Anna Schmidt']).issue('PERSON', 'Anna Schmidt')
  const code = issued.slice('PERSON_'.length)
  for (const typed of [
    issued,
    issued.toLowerCase(),
    `Person ${code}`,
    `PERSON\\_${code}`,
    `person-${code.toLowerCase()}`,
    `PERSON&lowbar;${code}`,
    `**PERSON**_${code}`,
    `${issued}s`,
    [...issued].join('\u200b'),
  ]) {
    const texts = [`Anna Schmidt and ${typed}`, typed]
    const outcome = roundTrip(texts, [ANNA])
    assert.ok(!outcome.texts.join('').includes(typed), typed)
    assert.equal(restoreText(outcome.texts[1] ?? '', outcome.vault), typed)
  }
})

test('issued placeholders typed where only chance could find them come back as typed', () => {
  const issued = vaultOf()
  const anna = issued.issue('PERSON', 'Anna Schmidt')
  const other = issued.issue('EMAIL', 'anna@example.com')
  const found: Found[] = [
    ['PERSON', 'Anna Schmidt'],
    ['EMAIL', 'anna@example.com'],
  ]
  for (const typed of [
    `${anna}${other}`,
    `X${anna}`,
    `n${anna.toLowerCase()}`,
    `\\n${other.toLowerCase()}`,
    `${anna}&#95;`,
  ]) {
    const texts = ['Anna Schmidt, anna@example.com', typed, `x${typed}`]
    const outcome = roundTrip(texts, [found])
    const json = JSON.stringify({ echo: outcome.texts[1], inner: JSON.stringify({ echo: outcome.texts[1] }) })
    const back = JSON.parse(restoreText(json, outcome.vault, { json: 1 }))
    assert.equal(back.echo, typed)
    assert.equal(JSON.parse(back.inner).echo, typed)
  }
})

test('a look-alike of a type that only this request has is one too', () => {
  const vault = createVault({ key: KEY, scope: 'tests' })
  const issued = vault.issue('CODENAME', 'Bluebird')
  const outcome = roundTrip([`Bluebird ${issued.toLowerCase()}`], [[['CODENAME', 'Bluebird']]])
  assert.ok(!outcome.texts[0]?.includes(issued.toLowerCase()))
})

test('operators: redact, mask and generalise do not come back, keep stays, and their values are in the vault', () => {
  const text = 'Anna Schmidt, 47, 4111 1111 1111 1111, Berlin, born 1984-03-12 at 203.0.113.7, SCHMIDT'
  const found: Found[] = [
    ['PERSON', 'Anna Schmidt'],
    ['AGE', '47'],
    ['CREDIT_CARD', '4111 1111 1111 1111'],
    ['LOCATION', 'Berlin'],
    ['DATE_TIME', '1984-03-12'],
    ['IP_ADDRESS', '203.0.113.7'],
  ]
  const { texts, vault } = sanitiseTexts([text], [found], {
    operators: {
      PERSON: 'redact',
      AGE: 'generalise',
      CREDIT_CARD: 'mask',
      LOCATION: 'keep',
      DATE_TIME: 'generalise',
      IP_ADDRESS: 'generalise',
    },
  })
  assert.equal(texts[0], '[PERSON], 40-49, **** **** **** 1111, Berlin, born 1984 at 203.0.0.0/16, [PERSON]')
  const values = [...vault.entries()].map(({ value }) => value)
  assert.ok(values.includes('Anna Schmidt') && values.includes('4111 1111 1111 1111'))
  assert.ok(!values.includes('Berlin'))
})

test('parts of a name that are allowed are not taken for the name', () => {
  const { texts } = sanitiseTexts(['Paris Hilton flew to Paris'], [[['PERSON', 'Paris Hilton']]], {
    allow: ['paris'],
  })
  assert.equal(visible(texts), '# flew to Paris')
})

test('a type that is no entity name is refused before anything is written', () => {
  let written = false
  const slots: SlotFindings[] = [
    {
      slot: {
        lane: '0',
        text: 'Anna',
        write: () => {
          written = true
        },
      },
      findings: [{ entity: 'PERSON', span: { start: 0, end: 4 }, score: 1, recogniser: 'test' }],
    },
    {
      slot: {
        lane: '1',
        text: 'Bea',
        write: () => {
          written = true
        },
      },
      findings: [{ entity: 'no such', span: { start: 0, end: 3 }, score: 1, recogniser: 'test' }],
    },
  ]
  assert.throws(() => sanitise({}, slots, vaultOf()), RangeError)
  assert.equal(written, false)
})

test('the body is given back as the same object', () => {
  const body = { model: 'x' }
  assert.equal(sanitise(body, [], vaultOf()), body)
})

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.string({ unit: 'grapheme', maxLength: 10 }),
  fc.constantFrom(
    'Anna Schmidt',
    'ANNA',
    'anna',
    ' ',
    ', ',
    '\n',
    'X',
    '9',
    '_',
    'PERSON_',
    'PERSON',
    'IP_ADDRESS',
    'A1B2C',
    'person 7kq2f',
    'PERSON_7KQ2F',
    '4111 1111 1111 1111',
    '4111111111111111',
    'anna@example.com',
    '田中',
    'アンナ',
    '😀',
    '\u200b',
    '\u0301',
    '**',
    '`',
    '\\_',
    '&#95;',
    "'s",
    'schmidt',
    'Schmidts',
  ),
)
const request = fc.array(
  fc.record({
    text: fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
    findings: fc.array(
      fc.tuple(
        fc.constantFrom('PERSON', 'EMAIL', 'IP_ADDRESS', 'ADDRESS', 'K1Y2Z', 'MISC'),
        fc.nat(80),
        fc.nat(30),
      ),
      { maxLength: 5 },
    ),
  }),
  { maxLength: 4 },
)

test('restoring gives back every text, whatever was found in it', () => {
  fc.assert(
    fc.property(request, (parts) => {
      const texts = parts.map(({ text }) => text)
      const found = parts.map(({ findings }) =>
        findings.map(([entity, start, length]): Found => [entity, start, start + length]),
      )
      const outcome = sanitiseTexts(texts, found)
      assert.deepEqual(restoreAll(outcome, texts, { allowedHosts: 'any' }), texts)
      for (const [index, text] of outcome.texts.entries()) {
        assert.equal(restoreText(text, outcome.vault, { allowedHosts: 'any' }), texts[index])
      }
    }),
    { numRuns: 3000 },
  )
})

test('no value of five letters or digits is left at the edges of words, whatever was found', () => {
  fc.assert(
    fc.property(request, (parts) => {
      const texts = parts.map(({ text }) => text)
      const found = parts.map(({ findings }) =>
        findings.map(([entity, start, length]): Found => [entity, start, start + length]),
      )
      const outcome = sanitiseTexts(texts, found)
      const left = visible(outcome.texts)
      for (const { value } of outcome.vault.entries()) {
        if (!/^[a-z]{5,}$/i.test(value) || isGeneric(value.toLowerCase())) continue
        assert.doesNotMatch(left, new RegExp(`(?<![\\p{L}\\p{M}])${value}(?![\\p{L}\\p{M}])`, 'u'))
      }
    }),
    { numRuns: 1000 },
  )
})

test('5,000 values in 1 MB take seconds at most', () => {
  const names = Array.from({ length: 5_000 }, (_, i) => `Given${i.toString(36)}x Family${i.toString(36)}y`)
  const listed = names.join(', ')
  const filler = 'the quick brown fox jumps over Family99y and given7x lazy dog 4111 '.repeat(14_000)
  let from = 0
  const found: Found[] = names.map((name) => {
    const start = from
    from += name.length + 2
    return ['PERSON', start, start + name.length]
  })
  let outcome = sanitiseTexts([], [])
  const ms = cpuMs(() => {
    outcome = sanitiseTexts([listed, filler], [found])
  })
  assert.ok(ms < 60_000, `${ms} ms`)
  assert.ok(!outcome.texts[1]?.includes('Family99y'))
  assert.deepEqual(restoreAll(outcome, [listed, filler]), [listed, filler])
})

const HOSTILE: readonly [name: string, text: string, found: readonly Found[]][] = [
  [
    'capitals around findings',
    'A'.repeat(1_000_000),
    Array.from({ length: 5_000 }, (_, i): Found => ['PERSON', i * 200, i * 200 + 1]),
  ],
  ['the beginning of a value', 'anna anna '.repeat(100_000), [['PERSON', 0, 40]]],
  [
    'one letter',
    'aaaaa '.repeat(170_000),
    Array.from({ length: 200 }, (_, i): Found => ['PERSON', 6000, 6000 + i * 6 + 5]),
  ],
  ['look-alikes', 'PERSON_7KQ2F '.repeat(80_000), []],
  ['almost look-alikes', 'person - 7kq2f '.repeat(70_000), []],
  ['words with digits', 'a1b2c '.repeat(170_000), []],
  ['separators before a code', `PERSON${' _'.repeat(500_000)}A1B2C`, []],
  ['invisible characters', `anna${'\u200b'.repeat(1_000_000)}b`, [['PERSON', 0, 4]]],
  ['emoji', '😀'.repeat(500_000), [['MISC', 0, 6]]],
  ['accents', `e${'\u0301'.repeat(1_000_000)}`, [['MISC', 0, 9]]],
]
for (const [name, text, found] of HOSTILE) {
  test(`1 MB of ${name} takes linear time`, () => {
    const ms = cpuMs(() => sanitiseTexts([text], [found]))
    // Slow machines take seconds; anything quadratic takes hours.
    assert.ok(ms < 60_000, `${ms} ms`)
  })
}

test('step by step it says the same, and given up at any step it has written nothing', () => {
  const texts = [
    'Anna Schmidt called.',
    'Schmidts answer: anna schmidt was here, QW5uYSBTY2htaWR0.',
    'Nothing.',
  ]
  const slotsOf = (written: string[]): SlotFindings[] =>
    texts.map((text, index) => ({
      slot: { lane: String(index), text, write: (changed) => void written.push(changed) },
      findings:
        index === 0 ? [{ entity: 'PERSON', span: { start: 0, end: 12 }, score: 1, recogniser: 'test' }] : [],
    }))
  const whole: string[] = []
  sanitise({}, slotsOf(whole), createVault({ key: KEY, scope: 's' }))
  assert.equal(whole.length, 2)
  for (let given = 0; ; given++) {
    const written: string[] = []
    const steps = sanitiseSteps({}, slotsOf(written), createVault({ key: KEY, scope: 's' }))
    let isDone = false
    for (let step = 0; step <= given && !isDone; step++) isDone = steps.next().done === true
    assert.deepEqual(written, isDone ? whole : [])
    if (!isDone) continue
    assert.ok(given >= texts.length)
    break
  }
})
