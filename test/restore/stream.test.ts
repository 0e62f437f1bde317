import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRestorer, type RestoreOptions, restoreText, type Vault } from '../../restore/index.ts'
import { cpuMs, cutAt, placeholderOf, vaultOf } from './support.ts'

const vault = vaultOf(
  ['PERSON', 'Anna Schmidt'],
  ['IP_ADDRESS', '203.0.113.7'],
  ['ADDRESS', '12 Elm St\nSpringfield'],
  ['EMAIL', 'anna@example.com'],
)
const person = placeholderOf(vault, 'Anna Schmidt')
const address = placeholderOf(vault, '12 Elm St\nSpringfield')
const ip = placeholderOf(vault, '203.0.113.7')
const code = person.slice('PERSON_'.length)

/** Pushed in pieces; also proves that nothing is lost on the way. */
function streamed(pieces: readonly string[], from: Vault = vault, options: RestoreOptions = {}): string {
  const restorer = createRestorer(from, options)
  return pieces.map((piece) => restorer.push(piece)).join('') + restorer.end()
}

function fullWidth(text: string): string {
  return [...text].map((character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0)).join('')
}

const TOLERATED: readonly [name: string, text: string, restored: string][] = [
  ['exact', person, 'Anna Schmidt'],
  ['lower case', person.toLowerCase(), 'Anna Schmidt'],
  ['title case', `Person_${code.toLowerCase()}`, 'Anna Schmidt'],
  ['escaped underscore', `PERSON\\_${code}`, 'Anna Schmidt'],
  ['twice escaped underscore', `PERSON\\\\_${code}`, 'Anna Schmidt'],
  ['bold', `**${person}**`, '**Anna Schmidt**'],
  ['italic', `*${person}*`, '*Anna Schmidt*'],
  ['italic with underscores', `_${person}_`, '_Anna Schmidt_'],
  ['bold with underscores', `__${person}__`, '__Anna Schmidt__'],
  ['code', `\`${person}\``, '`Anna Schmidt`'],
  ['bold type only', `**PERSON**_${code}`, '**Anna Schmidt**'],
  ['bold code only', `PERSON_**${code}**`, '**Anna Schmidt**'],
  ['both bold', `**PERSON**_**${code}**`, '**Anna Schmidt**'],
  ['space before the underscore', `PERSON _${code}`, 'Anna Schmidt'],
  ['space behind the underscore', `PERSON_ ${code}`, 'Anna Schmidt'],
  ['spaces around the underscore', `PERSON _ ${code}`, 'Anna Schmidt'],
  ['no-break spaces around the underscore', `PERSON\u00a0_\u00a0${code}`, 'Anna Schmidt'],
  ['no-break space for the underscore', `PERSON\u00a0${code}`, 'Anna Schmidt'],
  ['space for the underscore', `PERSON ${code}`, 'Anna Schmidt'],
  ['decimal HTML escape', `PERSON&#95;${code}`, 'Anna Schmidt'],
  ['hexadecimal HTML escape', `PERSON&#x5F;${code}`, 'Anna Schmidt'],
  ['named HTML escape', `PERSON&lowbar;${code}`, 'Anna Schmidt'],
  ['full width', fullWidth(person), 'Anna Schmidt'],
  ['full-width underscore', `PERSON\uff3f${code}`, 'Anna Schmidt'],
  ['zero-width spaces', [...person].join('\u200b'), 'Anna Schmidt'],
  ['word joiner', `PERSON_\u2060${code}`, 'Anna Schmidt'],
  ['soft hyphens', `PER\u00adSON_${code}`, 'Anna Schmidt'],
  ['byte order mark inside', `PERSON\ufeff_${code}`, 'Anna Schmidt'],
  ['hyphen', `PERSON-${code}`, 'Anna Schmidt'],
  ['no-break hyphen', `PERSON\u2011${code}`, 'Anna Schmidt'],
  ['lower case with hyphen and spaces', `person - ${code.toLowerCase()}`, 'Anna Schmidt'],
  ['type of two words with spaces', ip.replaceAll('_', ' '), '203.0.113.7'],
  ['type of two words with escapes', ip.replaceAll('_', '\\_'), '203.0.113.7'],
  ['type of two words with hyphens in lower case', ip.replaceAll('_', '-').toLowerCase(), '203.0.113.7'],
  ['possessive', `${person}'s`, "Anna Schmidt's"],
  ['typographic possessive', `${person}’s`, 'Anna Schmidt’s'],
  ['suffix in lower case', `${person}s Buch`, 'Anna Schmidts Buch'],
  ['agglutinated suffix', `${person}nak`, 'Anna Schmidtnak'],
  ['Chinese around', `你好${person}先生`, '你好Anna Schmidt先生'],
  ['escape in source text before', `"\\n${person}"`, '"\\nAnna Schmidt"'],
  ['part of a file name', `letter_${person}_2.txt`, 'letter_Anna Schmidt_2.txt'],
  ['twice without a gap but a comma', `${person},${person}`, 'Anna Schmidt,Anna Schmidt'],
  ['twice without any gap', `${person}${person}`, 'Anna SchmidtAnna Schmidt'],
  ['three of them without any gap', `${person}${ip}${person}`, 'Anna Schmidt203.0.113.7Anna Schmidt'],
  ['beginning of another type before', `PERSON ${person}`, 'PERSON Anna Schmidt'],
  [
    'beginning of itself before',
    `PERSON_${code.slice(0, 3)} ${person}`,
    `PERSON_${code.slice(0, 3)} Anna Schmidt`,
  ],
  ['other type that ends alike before', `IP_${person}`, 'IP_Anna Schmidt'],
]

const REFUSED: readonly [name: string, text: string][] = [
  ['capital behind', `${person}X`],
  ['digit behind', `${person}7`],
  ['capital before', `X${person}`],
  ['letter before in lower case', `x${person.toLowerCase()}`],
  ['letter behind in lower case', `${person.toLowerCase()}s`],
  ['something like another one behind', `${person}IP_ADDRESS_ABC12`],
  ['last character missing', person.slice(0, -1)],
  ['one wrong character', `PERSON_${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`],
  ['swapped characters', `PERSON_${code.charAt(1)}${code.charAt(0)}${code.slice(2)}`],
  ['other type', `EMAIL_${code}`],
  ['no type', code],
  ['code of another value', `PERSON_${address.slice('ADDRESS_'.length)}`],
  ['two underscores', `PERSON__${code}`],
  ['line break inside', `PERSON\n_${code}`],
  ['space inside the code', `PERSON_${code.slice(0, 2)} ${code.slice(2)}`],
  ['O for 0 or I for 1', 'PERSON_OIL00'],
  ['colon', `PERSON:${code}`],
  ['far apart', `PERSON${' '.repeat(40)}_${code}`],
]

for (const [name, text, restored] of TOLERATED) {
  test(`restores: ${name}`, () => {
    assert.equal(restoreText(text, vault), restored)
    assert.equal(restoreText(`a ${text} z`, vault), `a ${restored} z`)
  })
}

for (const [name, text] of REFUSED) {
  test(`leaves alone: ${name}`, () => {
    assert.equal(restoreText(text, vault), text)
    assert.equal(restoreText(`a ${text} z`, vault), `a ${text} z`)
  })
}

test('every split of every spelling in two, and unit by unit, gives what the whole gives', () => {
  for (const [name, text] of [...TOLERATED, ...REFUSED]) {
    const line = `Say ${text}, PERSON ${text}\nEND ${person}`
    const whole = restoreText(line, vault)
    for (let at = 0; at <= line.length; at++) {
      assert.equal(streamed([line.slice(0, at), line.slice(at)]), whole, `${name} at ${at}`)
    }
    assert.equal(streamed(line.split('')), whole, name)
  }
})

test('what was restored is never looked at again', () => {
  const inner = vaultOf(['PERSON', 'x'])
  const issued = placeholderOf(inner, 'x')
  const outer = vaultOf(['PERSON', 'x'], ['EMAIL', issued], ['ORG', 'PERSON_'])
  const org = placeholderOf(outer, 'PERSON_')
  const email = placeholderOf(outer, issued)
  assert.equal(restoreText(email, outer), issued)
  assert.equal(restoreText(`${org}-${issued.slice('PERSON_'.length)}`, outer), `PERSON_-${issued.slice(7)}`)
  assert.equal(streamed([org, ' ', email, '.'], outer), `PERSON_ ${issued}.`)
})

test('a placeholder of another request is not restored', () => {
  assert.equal(
    restoreText(vaultOf(['PERSON', 'Bea']).issue('PERSON', 'Bea'), vault),
    placeholderOf(vaultOf(['PERSON', 'Bea']), 'Bea'),
  )
})

test('the first piece is not held back, nor is anything that cannot become a placeholder', () => {
  const pieces = ['Hello', ' there', ', per', 'haps ', 'PERSON', 'AL ', 'em', 'ber ', 'APERSON_', 'Z']
  const restorer = createRestorer(vault)
  const shown = pieces.map((piece) => restorer.push(piece))
  assert.deepEqual(shown, [
    'Hello',
    ' there',
    ', ',
    'perhaps ',
    '',
    'PERSONAL ',
    '',
    'ember ',
    'APERSON_',
    'Z',
  ])
  assert.equal(restorer.end(), '')
})

test('a value is shown with the unit behind its placeholder', () => {
  const restorer = createRestorer(vault)
  assert.equal(restorer.push(`Dear ${person}`), 'Dear ')
  assert.equal(restorer.push(','), 'Anna Schmidt,')
  assert.equal(restorer.push(person), '')
  assert.equal(restorer.end(), 'Anna Schmidt')
  assert.equal(restorer.restored, 2)
})

test('no more is held back than a placeholder with its tolerated additions', () => {
  const hostile = [
    'PERSON',
    'PERSON_',
    `PERSON_${code.slice(0, -1)}`,
    'PERSON **',
    'PERSON&',
    'P\u200b'.repeat(3),
    'person   ',
  ]
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...hostile, ' ', 'x', '\u200b', '*', '_'), { maxLength: 60 }),
      (pieces) => {
        const restorer = createRestorer(vault)
        let pushed = 0
        let shown = 0
        for (const piece of pieces) {
          pushed += piece.length
          shown += restorer.push(piece).length
          assert.ok(pushed - shown <= 120)
        }
      },
    ),
  )
})

test('a text without placeholders is given back as the same string', () => {
  const text = 'Nothing to see here: a person, an address_line and 12 e-mails.'
  const restorer = createRestorer(vault)
  assert.equal(restorer.push(text), text)
})

test('without values everything passes at once', () => {
  const restorer = createRestorer(vaultOf())
  assert.equal(restorer.push('PERSON_'), 'PERSON_')
})

test('values issued later restore too', () => {
  const growing = vaultOf(['PERSON', 'Anna'])
  const restorer = createRestorer(growing)
  const late = growing.issue('ORG', 'Initech')
  assert.equal(restorer.push(`${late} `), 'Initech ')
})

test('a type may be restored nowhere, or in text alone', () => {
  const types = { PERSON: 'never', EMAIL: 'text_only' } as const
  const rules = { default: 'always', types, tools: {} } as const
  const email = placeholderOf(vault, 'anna@example.com')
  assert.equal(restoreText(`${person} ${email}`, vault, { rules }), `${person} anna@example.com`)
  assert.equal(restoreText(`["${email}"]`, vault, { rules, json: 1 }), '["anna@example.com"]')
  assert.equal(restoreText(`["${email}"]`, vault, { rules, json: 1, tool: 'send' }), `["${email}"]`)
})

test('any cutting of any mixture gives what the whole gives, and restores nothing but what was issued', () => {
  const values = new Set([...vault.entries()].map((entry) => entry.value))
  const bits = fc.constantFrom(
    ...TOLERATED.map(([, text]) => text),
    ...REFUSED.map(([, text]) => text),
    ...'PERSON_ADDRESS IP e*`\\&#95;-\u200b\u00a0\n"(/:.'.split(''),
    'https://example.org/',
    '![](//host.example/',
    '"',
    'person',
    code,
  )
  fc.assert(
    fc.property(
      fc.array(bits, { maxLength: 25 }).map((parts) => parts.join('')),
      fc.array(fc.nat(400), { maxLength: 30 }),
      fc.constantFrom<RestoreOptions>(
        {},
        { json: 1 },
        { allowedHosts: 'any' },
        { allowedHosts: new Set(['example.org']) },
      ),
      (text, cuts, options) => {
        const whole = restoreText(text, vault, options)
        assert.equal(streamed(cutAt(text, cuts), vault, options), whole)
        assert.equal(streamed(text.split(''), vault, options), whole)
        if (whole !== text)
          assert.ok([...values].some((value) => whole.includes(value) || options.json === 1))
      },
    ),
    { numRuns: 500 },
  )
})

test('never throws on any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom<0 | 1>(0, 1), (text, json) => {
      assert.equal(restoreText(text, vault, { json }), text)
    }),
  )
})

test('5,000 values restore, and no value is taken for another', () => {
  const many = vaultOf()
  const issued = Array.from({ length: 5_000 }, (_, i) =>
    many.issue(i % 3 === 0 ? 'PERSON' : 'IP_ADDRESS', `v${i};`),
  )
  const text = issued.join(' ')
  const whole = issued.map((_, i) => `v${i};`).join(' ')
  assert.equal(restoreText(text, many), whole)
  assert.equal(streamed(text.match(/[\s\S]{1,7}/g) ?? [], many), whole)
})

const HOSTILE: readonly [name: string, unit: string][] = [
  ['beginnings of placeholders', 'PERSON_'],
  ['types without end', 'PERSONPERSON'],
  ['almost a placeholder', `PERSON_${code.slice(0, -1)}`],
  ['separators', 'PERSON * ` * '],
  ['invisible characters', 'P\u200b\u200b\u200b\u200b'],
  ['ampersands', 'IP&lowbar&'],
  ['slashes', '//'],
  ['quotes and backslashes', '\\\\"'],
  ['hosts that never end', `//a.${person}`],
  ['placeholders', `${person} `],
]
for (const [name, unit] of HOSTILE) {
  test(`1 MB of ${name} takes linear time, whole and in small pieces`, () => {
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length))
    const pieces = text.match(/[\s\S]{1,64}/g) ?? []
    const ms = cpuMs(() => {
      restoreText(text, vault, { json: 1 })
      streamed(pieces)
    })
    assert.ok(ms < 5_000, `${ms} ms`)
  })
}
