import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createDetectors } from '../../detectors/index.ts'
import { createLeakCheck, type LeakForm } from '../../proxy/cloud/leak-check.ts'
import { checksumsIn } from '../../proxy/cloud/leak-checksums.ts'
import { ENDPOINTS } from '../../proxy/wire/index.ts'
import { SCHEMA_WORDS } from '../../proxy/wire/schema-words.ts'
import { createVault, type SlotFindings, sanitise, type Vault } from '../../restore/index.ts'

const KEY = new Uint8Array(32).fill(9)
const HEADERS = {
  authorization: `Bearer sk-${'x'.repeat(20)}`,
  'content-type': 'application/json',
  'content-length': '12345',
  accept: 'text/event-stream',
}
const URL_SENT = 'https://api.openai.com/v1/chat/completions'

function vaultOf(...values: readonly (readonly [entity: string, value: string])[]): Vault {
  const vault = createVault({ key: KEY, scope: 'tests' })
  for (const [entity, value] of values) vault.issue(entity, value)
  return vault
}

function bodyOf(content: unknown, rest: object = {}): string {
  return JSON.stringify({ model: 'gpt-4.1', messages: [{ role: 'user', content }], ...rest })
}

function formIn(
  vault: Vault,
  bytes: Uint8Array | string,
  url = URL_SENT,
  headers: Record<string, string> = HEADERS,
): LeakForm | null {
  return createLeakCheck(vault.entries())({ bytes, url, headers })?.form ?? null
}

const vault = vaultOf(
  ['PERSON', 'Anna Schmidt'],
  ['EMAIL', 'anna.s@example.com'],
  ['CREDIT_CARD', '4111 1111 1111 1111'],
  ['PHONE', '+1 (415) 555-0132'],
  ['PERSON', 'José García'],
  ['PASSWORD', 'p@$$!'],
  ['PASSWORD', '~~~~~~'],
  ['PERSON', '李小龙的朋友'],
)
const encoded = (text: string, encoding: BufferEncoding): string =>
  Buffer.from(text, 'utf8').toString(encoding)

const LEAKS: readonly [text: string, form: LeakForm][] = [
  ['by Anna Schmidt.', 'raw'],
  ['ANNA SCHMIDT', 'raw'],
  ["Anna Schmidt's", 'raw'],
  ['/home/anna_schmidt/', 'letters_and_digits'],
  ['annaschmidt', 'letters_and_digits'],
  ['Anna\n\tSchmidt', 'letters_and_digits'],
  ['xanna.s@example.comx', 'raw'],
  ['anna.s (at) example (dot) com anna-s-example-com', 'letters_and_digits'],
  ['4111-1111-1111-1111', 'letters_and_digits'],
  ['4111111111111111', 'letters_and_digits'],
  ['1.415.555.0132', 'letters_and_digits'],
  ['Ａｎｎａ Ｓｃｈｍｉｄｔ', 'compatibility'],
  ['An\u200bna Sch\u00admidt', 'compatibility'],
  ['Jose Garcia', 'letters_and_digits'],
  ['JOSÉ GARCÍA', 'raw'],
  ['Jose\u0301 Garci\u0301a', 'compatibility'],
  ['xp@$$!x', 'raw'],
  ['x~~~~~~~', 'raw'],
  ['这是李小龙的朋友吗', 'raw'],
  [encoded('Anna Schmidt', 'base64'), 'base64'],
  [encoded('xAnna Schmidt', 'base64'), 'base64'],
  [encoded('xyAnna Schmidtz', 'base64'), 'base64'],
  [encoded('{"user":"anna.s@example.com","x":1}', 'base64url'), 'base64'],
  [`data:text/plain;base64,${encoded('>>> Anna Schmidt <<<', 'base64')}`, 'base64'],
  [encoded('José García', 'base64url'), 'base64'],
  [encoded('Anna Schmidt', 'hex'), 'hex'],
  [`0x${encoded('xAnna Schmidty', 'hex').toUpperCase()}`, 'hex'],
  [encoded('anna.s@example.com', 'hex').replace(/(..)/g, '$1 '), 'hex'],
  ['Anna%20Schmidt', 'percent'],
  ['%41%6e%6E%61+Schmidt', 'percent'],
  [encodeURIComponent('José García'), 'percent'],
  ['anna.s%2540example.com', 'percent'],
  ['Anna&#32;Schmidt', 'html'],
  ['&#65;nna Schmid&#x74;', 'html'],
  ['Jos&eacute; Garc&iacute;a', 'html'],
  ['anna.s&commat;example.com', 'html'],
  ['\\u0041nna Schmidt', 'escaped'],
  ['\\\\u0041nna \\\\x53chmidt', 'escaped'],
  ['Jos\\u00e9 Garc\\u00eda', 'escaped'],
  ['\\nAnna Schmidt', 'raw'],
  [JSON.stringify({ name: 'Anna Schmidt' }), 'raw'],
  [JSON.stringify({ args: JSON.stringify({ name: 'José García' }) }), 'raw'],
  [JSON.stringify({ 'Anna Schmidt': 1 }), 'raw'],
  [JSON.stringify({ card: 4111111111111111 }), 'letters_and_digits'],
]
for (const [text, form] of LEAKS) {
  test(`finds ${form} in ${JSON.stringify(text)}`, () => {
    assert.equal(formIn(vault, bodyOf(text)), form)
    assert.equal(formIn(vault, Buffer.from(bodyOf([{ type: 'text', text: `before ${text} behind` }]))), form)
  })
}

test('finds values in names, in numbers, in duplicate members and in what is no JSON', () => {
  assert.equal(formIn(vault, '{"Anna Schmidt":1}'), 'raw')
  assert.equal(formIn(vault, '{"card":4111111111111111}'), 'letters_and_digits')
  assert.equal(formIn(vault, '{"content":"Anna Schmidt","content":"x"}'), 'raw')
  assert.equal(formIn(vault, 'Anna Schmidt'), 'raw')
  assert.equal(formIn(vault, '"Anna Schmidt'), 'raw')
  assert.equal(formIn(vault, '{"a":"Anna Schmidt'), 'raw')
  assert.equal(formIn(vault, '{"a":"\\x Anna Schmidt"}'), 'raw')
})

test('finds values in the URL and in headers', () => {
  const clean = bodyOf('hello')
  assert.equal(formIn(vault, clean, 'https://api.example.com/v1?user=Anna%20Schmidt'), 'percent')
  assert.equal(formIn(vault, clean, 'https://api.example.com/anna-schmidt/chat'), 'letters_and_digits')
  assert.equal(formIn(vault, clean, URL_SENT, { 'x-user': 'Anna Schmidt' }), 'raw')
  assert.equal(formIn(vault, clean, URL_SENT, { 'x-anna-schmidt': '1' }), 'letters_and_digits')
  assert.equal(formIn(vault, clean), null)
})

const QUIET: readonly [name: string, values: readonly (readonly [string, string])[], body: string][] = [
  ['a name inside a longer word', [['PERSON', 'Smith']], bodyOf('The Smithsonian and a locksmith')],
  ['a name in lower case that is a word', [['PERSON', 'White']], bodyOf('white wine, snow-white')],
  ['neighbouring words that only together spell a value', [['PERSON', 'Thera']], bodyOf('the rain')],
  [
    'words of the wire',
    [
      ['TITLE_OR_JOB', 'Assistant'],
      ['USERNAME', 'model'],
      ['PASSWORD', 'function'],
    ],
    bodyOf('x', {
      tools: [{ type: 'function', function: { name: 'f' } }],
      messages: [{ role: 'assistant', content: 'y' }],
    }),
  ],
  [
    'the model, which the configuration names',
    [['ORG', 'Mistral']],
    JSON.stringify({ model: 'mistral-large', messages: [] }),
  ],
  ['the host, which the configuration names', [['ORG', 'OpenAI']], bodyOf('x')],
  ['the length of the body', [['ADDRESS', '12345']], bodyOf('x')],
  ['settings', [['ADDRESS', '32768']], bodyOf('x', { max_tokens: 32768, seed: 132768 })],
  ['values under five units', [['PERSON', 'Anna']], bodyOf('Anna')],
  ['a number inside a longer one', [['ADDRESS', '12345']], bodyOf('9123456')],
  ['calls', [['ADDRESS', '12345']], JSON.stringify({ messages: [{ tool_call_id: 'call12345' }] })],
  [
    'strings beside each other',
    [['ADDRESS', 'Elm Street 12']],
    JSON.stringify({ messages: [{ content: ['Elm', 'Street', '12'] }] }),
  ],
  ['base64 of something else', [['PERSON', 'Anna Schmidt']], bodyOf(encoded('Anne Schmidt', 'base64'))],
  ['far apart', [['PERSON', 'Anna Schmidt']], bodyOf(`Anna${' '.repeat(9)}Schmidt`)],
]
for (const [name, values, body] of QUIET) {
  test(`says nothing about ${name}`, () => {
    assert.equal(formIn(vaultOf(...values), body), null)
  })
}

test('says nothing about what an endpoint declares: names, words and the words of JSON Schema', () => {
  const words = new Set(SCHEMA_WORDS)
  for (const endpoint of ENDPOINTS) {
    const allowance = endpoint.leafAllowance('m')
    for (const word of [...allowance.names, ...allowance.words]) words.add(word)
  }
  const entries = [...words].filter((word) => word.length >= 5).map((word) => ['MISC', word] as const)
  const body = JSON.stringify(Object.fromEntries([...words].map((word) => [word, word])))
  const check = createLeakCheck(vaultOf(...entries).entries(), { words })
  assert.equal(check({ bytes: body, url: URL_SENT, headers: HEADERS }), null)
})

test('says nothing about issued placeholders, whatever their type is called', () => {
  const named = vaultOf(
    ['PASSPORT', 'Passport'],
    ['LOCATION', 'location'],
    ['IP_ADDRESS', 'IP address'],
    ['TITLE_OR_JOB', 'Title or job'],
  )
  const placeholders = [...named.entries()].map(({ placeholder }) => placeholder)
  assert.equal(formIn(named, bodyOf(placeholders.join(' '))), null)
  assert.equal(formIn(named, bodyOf(placeholders.join(''))), null)
  assert.equal(formIn(named, bodyOf(`user_${placeholders[0]}s [PASSPORT]`)), null)
  assert.equal(formIn(named, bodyOf('PASSPORT_AB12C')), 'raw')
})

test('never says what was found', () => {
  const found = createLeakCheck(vault.entries())({
    bytes: bodyOf('Anna Schmidt'),
    url: URL_SENT,
    headers: {},
  })
  assert.deepEqual(found, { form: 'raw' })
})

test('strings that an endpoint declares, and numbers that are allowed, may leave', () => {
  const check = createLeakCheck(vaultOf(['PERSON', 'Jordan']).entries(), {
    words: new Set(['jordan']),
    allow: ['4111 1111 1111 1111'],
  })
  assert.equal(check({ bytes: bodyOf('jordan'), url: URL_SENT, headers: {} }), null)
  assert.equal(check({ bytes: bodyOf('jordan.'), url: URL_SENT, headers: {} })?.form, 'raw')
  assert.equal(check({ bytes: bodyOf('4111-1111-1111-1111'), url: URL_SENT, headers: {} }), null)
})

const CHECKSUMS: readonly [text: string, form: 'card_number' | 'iban' | null][] = [
  ['4111111111111111', 'card_number'],
  ['pay 5555 5555 5555 4444 now', 'card_number'],
  ['5555-5555-5555-4444 12/27', 'card_number'],
  ['378282246310005', 'card_number'],
  ['3782 822463 10005', 'card_number'],
  ['GB82WEST12345698765432', 'iban'],
  ['DE89 3704 0044 0532 0130 00', 'iban'],
  ['NO93 8601 1117 947', 'iban'],
  ['4111111111111112', null],
  ['5555 5555-5555 4444', null],
  ['0000000000000000', null],
  ['4444444444444444', null],
  ['1763719200000', null],
  ['1763719200000000', null],
  ['x4111111111111111', null],
  ['id=4111111111111111', null],
  ['4111111111111111px', null],
  ['0.4111111111111111', null],
  ['1000 4111 1111 1111 1111', null],
  ['4111 1111 1111 1111 2222', null],
  ['550e8400-e29b-41d4-a716-446655440000', null],
  ['GB82WEST12345698765433', null],
  ['GB82 WEST1234 5698 7654 32', null],
  ['XX82WEST12345698765432', null],
  ['gb82west12345698765432', null],
  ['AGB82WEST12345698765432', null],
  ['GB82WEST12345698765432A', null],
]
for (const [text, form] of CHECKSUMS) {
  test(`by check digits ${JSON.stringify(text)} is ${form ?? 'nothing'}`, () => {
    assert.equal(formIn(vaultOf(), bodyOf(text)), form)
    assert.equal(formIn(vaultOf(), bodyOf(JSON.stringify({ a: [text] }))), form)
  })
}

test('of 20,000 random numbers and identifiers nearly none is taken for a card or account', () => {
  let taken = 0
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...'0123456789'), { minLength: 5, maxLength: 20 }),
      fc.uuid(),
      (digits, uuid) => {
        taken += checksumsIn(`${digits.join('')} ${uuid} ${uuid.toUpperCase()}`).length
      },
    ),
    { numRuns: 20_000 },
  )
  assert.ok(taken < 200, `${taken}`)
})

test('what the check digits show, the pattern detectors find too', () => {
  const detectors = createDetectors({ ner: false, languages: [], allow: [], deny: [] })
  for (const [text, form] of CHECKSUMS) {
    if (form === null) continue
    const { findings } = detectors.detect(`x ${text} y`, ['pattern'])
    assert.ok(
      findings.some(({ entity }) => entity === 'CREDIT_CARD' || entity === 'IBAN'),
      text,
    )
  }
})

/** What sanitise makes of some texts, as the body that would leave. */
function sanitisedBody(
  texts: readonly string[],
  findings: SlotFindings['findings'][],
): { readonly body: string; readonly vault: Vault } {
  const messages = texts.map((content) => ({ role: 'user', content }))
  const slots = messages.map(
    (message, index): SlotFindings => ({
      slot: {
        lane: `${index}`,
        text: message.content,
        write: (text) => {
          message.content = text
        },
      },
      findings: findings[index] ?? [],
    }),
  )
  const used = createVault({ key: KEY, scope: 'tests' })
  return { body: JSON.stringify(sanitise({ model: 'm', messages }, slots, used)), vault: used }
}

const NAMES = [
  'Anna Schmidt',
  'José García-López',
  'Will White',
  'Jo Strauß',
  'Анна Каренина',
  '李小龙',
  'O’Neil "Nan" Ross',
  'van der Berg, Jan',
]
const OTHERS = [
  'anna.s@example.com',
  '4111 1111 1111 1111',
  '+1 (415) 555-0132',
  'p@$$!word',
  '.hunter2!',
  'zq8w7e6r5t4y',
  '12345',
  'J. Li',
  'C:\\Users\\anna',
  '12 Elm St\nSpringfield',
  '~~~~~',
]
const values = [
  ...NAMES.map((value) => ['PERSON', value] as const),
  ...OTHERS.map((value) => ['MISC', value] as const),
]

const forms: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => value.toUpperCase(),
  (value) => value.toLowerCase(),
  (value) => value.replace(/[^\p{L}\p{N}]/gu, ''),
  (value) => value.replace(/[^\p{L}\p{N}]/gu, '_'),
  (value) => value.replace(/(.)/gsu, '$1 '),
  (value) => value.replace(/(.)/gsu, '$1\u200b'),
  (value) => value.normalize('NFD'),
  (value) => value.split(' ')[0] ?? value,
  (value) => value.split(' ').at(-1) ?? value,
  (value) => `x${value}`,
  (value) => `${value}s`,
  (value) => `X${value}9`,
  (value) => `\\n${value}\\n`,
  encodeURIComponent,
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(JSON.stringify({ value })),
  (value) =>
    value.replace(/[^a-z]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
  (value) => value.replace(/[^a-z]/gu, (character) => `&#${character.codePointAt(0)};`),
  (value) => encoded(value, 'base64'),
  (value) => encoded(`ab${value}c`, 'base64url'),
  (value) => encoded(`a${value}cd`, 'base64'),
  (value) => encoded(value, 'hex'),
  (value) => encoded(encoded(value, 'base64'), 'base64'),
  (value) => encodeURIComponent(encoded(`${value}?`, 'base64')),
]

test('every form of a value that the check knows, replacing knows too', () => {
  for (const [entity, value] of values) {
    const finding = { entity, span: { start: 3, end: 3 + value.length }, score: 1, recogniser: 'test' }
    for (const form of forms) {
      for (const around of ['', ' ', '"', 'é', '.', '/', '-']) {
        const text = `${around}${form(value)}${around}`
        const { body, vault: used } = sanitisedBody([`is ${value}!`, text], [[finding]])
        assert.equal(formIn(used, body), null, `${JSON.stringify(text)} in ${body}`)
      }
    }
  }
})

const glue = fc.constantFrom(
  '',
  ' ',
  ', ',
  '\n',
  '-',
  '_',
  '\\n',
  '.',
  '"',
  "'s ",
  's ',
  'x',
  'X',
  '7',
  '%20',
  '&amp;',
  '/',
  'é',
  '李',
  '\u200b',
  '\u0301',
  ' PERSON_7KQ2F ',
  'ß',
  '()',
  '\0',
)
const mention = fc
  .tuple(fc.constantFrom(...values), fc.constantFrom(...forms))
  .map(([[, value], form]) => form(value))
const mentions = fc
  .array(fc.tuple(glue, mention, glue), { maxLength: 8 })
  .map((parts) => parts.flat().join(''))

test('whatever was found where, what replacing leaves passes the check', () => {
  fc.assert(
    fc.property(
      fc.array(mentions, { minLength: 1, maxLength: 3 }),
      fc.array(
        fc.tuple(
          fc.nat(2),
          fc.constantFrom('PERSON', 'EMAIL', 'MISC', 'ORG'),
          fc.nat(120),
          fc.integer({ min: 1, max: 30 }),
        ),
        { maxLength: 6 },
      ),
      (texts, places) => {
        const findings = texts.map((text, index) =>
          places
            .filter(([slot, , start]) => slot === index && start < text.length)
            .map(([, entity, start, length]) => ({
              entity,
              span: { start, end: Math.min(text.length, start + length) },
              score: 1,
              recogniser: 'test',
            })),
        )
        const { body, vault: used } = sanitisedBody(texts, findings)
        const form = formIn(used, body)
        assert.ok(
          form === null || form === 'card_number' || form === 'iban',
          `${form}: ${body} ${JSON.stringify([...used.entries()])}`,
        )
      },
    ),
    { numRuns: 3000 },
  )
})

test('thousands of values are looked for at once', () => {
  const many = createVault({ key: KEY, scope: 'tests' })
  for (let i = 0; i < 5_000; i++) many.issue('PERSON', `Given${i}x Family${i}y`)
  const filler = 'the quick brown fox and Given Family 17 jumps over '.repeat(20_000)
  const check = createLeakCheck(many.entries())
  const send = (text: string): LeakForm | null =>
    check({ bytes: bodyOf(text), url: URL_SENT, headers: {} })?.form ?? null
  const before = process.cpuUsage()
  assert.equal(send(filler), null)
  const { user, system } = process.cpuUsage(before)
  assert.ok((user + system) / 1000 < 5_000)
  assert.equal(send(`${filler}given4999x family4999y`), 'raw')
  assert.equal(send(`${filler}${encoded('xGiven4999x Family4999y', 'base64')}`), 'base64')
  assert.equal(send(`${filler}${encoded('Given4999x Family4999y', 'hex')}`), 'hex')
})

const HOSTILE = [
  'anna',
  'anna ',
  'anna.s',
  '\\',
  '\\u0041',
  '%41',
  '&#65;',
  '"',
  '\\"',
  'QW5u',
  '616e',
  '4111 ',
  '4',
  'GB82 ',
  '{',
  '[',
  '李',
  '\u200b',
  'AA00 ',
  '_',
]
for (const unit of HOSTILE) {
  test(`1 MB of ${JSON.stringify(unit)} is checked in linear time`, () => {
    const text = unit.repeat(1_000_000 / unit.length)
    const before = process.cpuUsage()
    formIn(vault, bodyOf(text))
    formIn(vault, text)
    formIn(vault, `{"a":"${text}`)
    const { user, system } = process.cpuUsage(before)
    assert.ok((user + system) / 1000 < 5_000, `${(user + system) / 1000} ms`)
  })
}

test('never throws, whatever the bytes', () => {
  const check = createLeakCheck(vault.entries())
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      (bytes, text) => {
        check({ bytes, url: text, headers: { [text]: text } })
        check({ bytes: text, url: '', headers: {} })
      },
    ),
    { numRuns: 2000 },
  )
})
