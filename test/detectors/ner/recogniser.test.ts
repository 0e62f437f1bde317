import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { createDetectors } from '../../../detectors/index.ts'
import { createNerRecogniser, RECALL_LEVELS } from '../../../detectors/ner/index.ts'

const recogniser = createNerRecogniser({ recall: 'high' })
const detectors = createDetectors({ ner: true, languages: [], allow: [], deny: [] }, [recogniser])

function found(text: string): string[] {
  const { findings, status } = detectors.detect(text)
  assert.equal(status.ner, 'ok')
  return findings.map(({ span, entity }) => `${entity}:${text.slice(span.start, span.end)}`)
}

/** Whether every character of every value is inside some finding. */
function covers(text: string, values: readonly string[]): boolean {
  const { findings } = detectors.detect(text)
  return values.every((value) => {
    const start = text.indexOf(value)
    for (let at = start; at < start + value.length; at++) {
      const isHidden = findings.some(({ span }) => span.start <= at && at < span.end)
      if (!isHidden && /[\p{L}\p{N}]/u.test(text[at] ?? '')) return false
    }
    return true
  })
}

for (const { text, finds } of recogniser.examples) {
  test(`the example is found whole: ${text}`, () => {
    assert.deepEqual(
      found(text).map((one) => one.slice(one.indexOf(':') + 1)),
      finds,
    )
  })
}

const NAMED: readonly { name: string; text: string; values: readonly string[] }[] = [
  {
    name: 'English mail',
    text: 'Hi Sarah,\nplease call Michael Thompson at Acme Ltd in Manchester.\nBest, Tom Baker',
    values: ['Sarah', 'Michael Thompson', 'Manchester', 'Tom Baker'],
  },
  {
    name: 'German letter',
    text: 'Sehr geehrter Herr Schneider, Frau Dr. Müller aus Hamburg hat angerufen.',
    values: ['Schneider', 'Müller', 'Hamburg'],
  },
  {
    name: 'French letter',
    text: "Madame Lefèvre, j'habite à Lyon et je travaille avec Jean Dupont.",
    values: ['Lefèvre', 'Lyon', 'Jean Dupont'],
  },
  {
    name: 'Spanish request',
    text: 'Me llamo Lucía Fernández y vivo en Sevilla.',
    values: ['Lucía Fernández', 'Sevilla'],
  },
  {
    name: 'Italian request',
    text: 'Mi chiamo Giulia Rossi e abito a Bologna.',
    values: ['Giulia Rossi', 'Bologna'],
  },
  {
    name: 'Dutch particles',
    text: 'Mijn naam is Pieter van der Berg en ik woon in Utrecht.',
    values: ['Pieter van der Berg', 'Utrecht'],
  },
  {
    name: 'Polish',
    text: 'Nazywam się Katarzyna Nowak i mieszkam w Krakowie.',
    values: ['Katarzyna Nowak', 'Krakowie'],
  },
  { name: 'surname first', text: 'Name: Kowalski, Adam', values: ['Kowalski, Adam'] },
  {
    name: 'initials',
    text: 'Signed by J. R. Whitfield on behalf of the tenant.',
    values: ['J. R. Whitfield'],
  },
  {
    name: 'a JSON record',
    text: '{"first_name": "Amélie", "last_name": "Bernard", "city": "Nantes"}',
    values: ['Amélie', 'Bernard', 'Nantes'],
  },
  {
    name: 'a speaker label',
    text: 'Daniel: where is it?\nMonica: in the kitchen',
    values: ['Daniel', 'Monica'],
  },
  {
    name: 'a speaker in capitals',
    text: 'AGENT: good morning\nMARISOL: hello, my card was declined',
    values: ['MARISOL'],
  },
  { name: 'a field in small letters', text: 'patient: olu adeyemi\nward: 3', values: ['olu adeyemi'] },
  {
    name: 'a title and initials',
    text: 'Ask Dr. J. R. van der Meyden about it.',
    values: ['J. R. van der Meyden'],
  },
  { name: 'an apostrophe', text: "O'Connor, Siobhan (HR)", values: ["O'Connor, Siobhan"] },
  {
    name: 'an Arabic name',
    text: 'Mohammed bin Rashid Al-Farsi arrived',
    values: ['Mohammed bin Rashid Al-Farsi'],
  },
  {
    name: 'a hyphen and a title',
    text: 'Rechnung an Frau Ayşe Öztürk-Wagner',
    values: ['Ayşe Öztürk-Wagner'],
  },
  {
    name: 'a table',
    text: 'name,city\nPriya Raghunathan,Delhi\nKwame Mensah,Accra',
    values: ['Priya Raghunathan', 'Kwame Mensah', 'Accra'],
  },
  {
    name: 'an address that agrees with a name',
    text: 'Mail anna.kowalski@example.com; Kowalski will answer.',
    values: ['Kowalski'],
  },
  {
    name: 'all capitals',
    text: 'PATIENT JOHN HENDERSON WAS ADMITTED TO THE WARD',
    values: ['JOHN HENDERSON'],
  },
  {
    name: 'no capitals',
    text: 'my name is maria gonzalez and i live in chicago',
    values: ['maria gonzalez', 'chicago'],
  },
  {
    name: 'a street address',
    text: 'Ship it to 221 Harrow Road, London W2 5EA.',
    values: ['221 Harrow Road', 'London'],
  },
]

for (const { name, text, values } of NAMED) {
  test(`names are covered: ${name}`, () => {
    assert.ok(covers(text, values), found(text).join(' | '))
  })
}

const PLAIN: readonly string[] = [
  'The build fails when the cache is empty.',
  'How do I sort a list of numbers in reverse order?',
  'const total = items.reduce((sum, item) => sum + item.price, 0)',
  'Wie kann ich die Datei umbenennen?',
  'Which device limits the current?\nA. Diode\nB. Voltage divider\nC. Heat sink\nD. All of the above\nAnswer:',
  'Customer: please wait\nStatus: open\nname: build\nNote: see below',
  '[ERROR] RequestHandler: connection refused (retry in 30 ms)',
  'import { readFile } from "node:fs"\nconst lines = text.split("x").map((line) => line.trim())',
  'Merci de résumer le texte suivant en trois phrases.',
]

for (const text of PLAIN) {
  test(`nothing is found in: ${text}`, () => {
    assert.deepEqual(found(text), [])
  })
}

test('a higher recall level never covers less', () => {
  const levels = RECALL_LEVELS.map((recall) =>
    createDetectors({ ner: true, languages: [], allow: [], deny: [] }, [createNerRecogniser({ recall })]),
  )
  const text = NAMED.map((row) => row.text).join('\n')
  const covered = levels.map((level) =>
    level.detect(text).findings.reduce((sum, { span }) => sum + span.end - span.start, 0),
  )
  assert.deepEqual(
    covered,
    covered.toSorted((left, right) => left - right),
  )
})

test('findings are in the text, in order, disjoint and not empty, for any text', () => {
  const words = fc.constantFrom(
    'Anna',
    'Smith',
    'berlin',
    '\n',
    ' ',
    ',',
    'Dr.',
    '王小明',
    "O'Brien",
    '12',
    'é',
    '\ud800',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(words).map((parts) => parts.join(' ')),
      ),
      (text) => {
        const spans = recogniser
          .analyse({ original: text, canonical: text, toOriginal: (span) => span }, { languages: [] })
          .map((finding) => finding.span)
        let end = 0
        for (const span of spans) {
          assert.ok(span.start >= end && span.end > span.start && span.end <= text.length)
          end = span.end
        }
      },
    ),
  )
})

test('the same text gives the same findings whatever was analysed before', () => {
  const text = NAMED.map((row) => row.text).join(' ')
  const first = found(text)
  found('Something else about Peter Parker.')
  assert.deepEqual(found(text), first)
})

test('time grows with the length of hostile text, not faster', () => {
  for (const unit of ["O'", 'A. ', 'Mr ', '"', 'a:', 'San ', 'x'.repeat(50), '\n', '王']) {
    const took = (size: number): number => {
      const text = unit.repeat(Math.ceil(size / unit.length))
      const begun = process.cpuUsage().user
      detectors.detect(text)
      return process.cpuUsage().user - begun
    }
    took(20_000)
    assert.ok(took(200_000) < 40 * Math.max(took(20_000), 5_000), JSON.stringify(unit.slice(0, 5)))
  }
})

test('the model file is the one of its manifest', async () => {
  const { createHash } = await import('node:crypto')
  const folder = new URL('../../../detectors/data/', import.meta.url)
  const manifest = JSON.parse(readFileSync(new URL('ner-model.json', folder), 'utf8'))
  const file = readFileSync(new URL('ner-model.bin', folder))
  assert.equal(file.length, manifest.bytes)
  assert.equal(createHash('sha256').update(file).digest('hex'), manifest.sha256)
  assert.ok(file.length <= 4 * 1024 * 1024)
})
