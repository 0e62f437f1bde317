import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { compilePolicy } from '../../routing-rules/index.ts'
import { around, compiled, fixture, OPTIONS, policyWith, problemsOf } from './support.ts'

interface Row {
  readonly name: string
  readonly source: string
  /** `line:column message`, each a part of one problem. */
  readonly says: readonly string[]
}

const GUARD = 'guards:\n  - id: g\n'

const table: readonly Row[] = [
  { name: 'an empty file', source: '', says: ['1:1 the file is empty'] },
  { name: 'a comment alone', source: '# nothing\n', says: ['the file is empty'] },
  { name: 'a list instead of a map', source: '- a\n', says: ['1:1 expected a map'] },
  { name: 'a text instead of a map', source: 'hello', says: ['1:1 expected a map'] },
  {
    name: 'every missing part at once',
    source: 'version: 1\n',
    says: ['"policy" is missing', '"destinations" is missing', '"default" is missing'],
  },
  {
    name: 'another version',
    source: around('').replace('version: 1', 'version: 2'),
    says: ['1:10 not one of'],
  },
  {
    name: 'a truncated file',
    source: around('guards: [ { id: x, when: {'),
    says: ['indentation, or a bracket'],
  },
  { name: 'an unclosed quote', source: 'version: "1', says: ['1:12 a quote, bracket, comma or colon'] },
  { name: 'a tab as indentation', source: 'a:\n\tb: 1', says: ['2:1 tabs are not allowed'] },
  { name: 'two documents', source: `${around('')}---\n{}\n`, says: ['one document per file'] },
  { name: 'a null character', source: 'version: 1\n\0', says: ['2:1 the file holds a null character'] },
  {
    name: 'an unknown key with its neighbour',
    source: around('gaurds: []'),
    says: ['9:1 unknown key; did you mean "guards"?'],
  },
  {
    name: 'an unknown key deep inside',
    source: around(`${GUARD}    when: { findings.total: { gte: 1 } }\n    then: { cieling: local }`),
    says: ['12:13 unknown key; did you mean "ceiling"?'],
  },
  {
    name: 'a key twice',
    source: around('guards: []\nguards: []'),
    says: ['10:1 this key stands here twice'],
  },
  {
    name: 'an unknown ceiling',
    source: around(`${GUARD}    when: { findings.total: { gte: 1 } }\n    then: { ceiling: locl }`),
    says: ['12:22 not one of the values; did you mean "local"?'],
  },
  {
    name: 'an unknown fact',
    source: around(
      `${GUARD}    when: { findings.CREDITCARD.count: { gte: 1 } }\n    then: { ceiling: local }`,
    ),
    says: ['11:13 unknown fact; did you mean "findings.CREDIT_CARD.count"?'],
  },
  {
    name: 'an unknown list',
    source: around(
      `lists: { terms: [x] }\n${GUARD}    when: { lists.term.hits: { gte: 1 } }\n    then: { ceiling: local }`,
    ),
    says: ['12:13 unknown fact; did you mean "lists.terms.hits"?'],
  },
  {
    name: 'an unknown operator',
    source: around(`${GUARD}    when: { findings.total: { gt_e: 1 } }\n    then: { ceiling: local }`),
    says: ['11:31 unknown operator; did you mean "gte"?'],
  },
  {
    name: 'an operator that means nothing for a text',
    source: around(`${GUARD}    when: { identity.team: { gte: 1 } }\n    then: { ceiling: local }`),
    says: ['11:35 "gte" does not apply to identity.team, which is a text; use eq, neq, in, nin'],
  },
  {
    name: 'a text where a number belongs',
    source: around(`${GUARD}    when: { findings.total: { gte: "1" } }\n    then: { ceiling: local }`),
    says: ['11:36 expected a number'],
  },
  {
    name: 'a number where a text belongs',
    source: around(`${GUARD}    when: { identity.team: { eq: 5 } }\n    then: { ceiling: local }`),
    says: ['expected a text: identity.team is one (put numbers in quotes)'],
  },
  {
    name: 'a status that does not exist',
    source: around(`${GUARD}    when: { detectors.ner.status: { neq: donw } }\n    then: { ceiling: local }`),
    says: ['detectors.ner.status never has this value; did you mean "down"?'],
  },
  {
    name: 'a value without an operator',
    source: around(`${GUARD}    when: { identity.team: hr }\n    then: { ceiling: local }`),
    says: ['11:28 expected an operator and a value, such as { eq: name }'],
  },
  {
    name: '"in" without a list',
    source: around(`${GUARD}    when: { identity.team: { in: hr } }\n    then: { ceiling: local }`),
    says: ['"in" takes a list of values'],
  },
  {
    name: '"any" without a list',
    source: around(`${GUARD}    when: { any: { findings.total: { gte: 1 } } }\n    then: { ceiling: local }`),
    says: ['"any" takes a list of conditions'],
  },
  {
    name: 'no condition at all',
    source: around(`${GUARD}    when: {}\n    then: { ceiling: local }`),
    says: ['11:11 expected conditions'],
  },
  {
    name: 'an infinite number',
    source: around(`${GUARD}    when: { findings.total: { gte: .inf } }\n    then: { ceiling: local }`),
    says: ['expected a finite number'],
  },
  {
    name: 'a guard that does nothing',
    source: around(`${GUARD}    when: { findings.total: { gte: 1 } }`),
    says: ['a guard needs "then" or "allow"'],
  },
  {
    name: 'a guard without a condition',
    source: around(`${GUARD}    then: { ceiling: local }`),
    says: ['needs "when"'],
  },
  {
    name: 'approvers without a ceiling of approve',
    source: around(
      `${GUARD}    when: { findings.total: { gte: 1 } }\n    then: { ceiling: local, approvers: [a], timeout: 5m }`,
    ),
    says: ['12:29 "approvers" goes with', '12:45 "timeout" goes with'],
  },
  {
    name: 'a timeout that opens',
    source: around(
      `${GUARD}    when: { findings.total: { gte: 1 } }\n    then: { ceiling: approve, on_timeout: sanitise }`,
    ),
    says: ['not one of the values; expected one of: local, block'],
  },
  {
    name: 'a wrong duration',
    source: around(
      `${GUARD}    when: { findings.total: { gte: 1 } }\n    then: { ceiling: approve, timeout: 15 minutes }`,
    ),
    says: ['expected a duration such as 90s'],
  },
  {
    name: 'a wrong rate',
    source: around('limits: [{ per: identity.key, requests: 60 }]'),
    says: ['expected a text'],
  },
  {
    name: 'another wrong rate',
    source: around('limits: [{ per: identity.key, requests: 60/week }]'),
    says: ['expected a rate such as 60/min'],
  },
  {
    name: 'a team list without "per"',
    source: around(`${GUARD}    allow: { hr: [here] }`),
    says: ['"allow" needs "per"'],
  },
  {
    name: 'an unknown destination in a list of a team',
    source: around(`${GUARD}    per: identity.team\n    allow: { hr: [heer] }`),
    says: ['12:19 no destination of this name; did you mean "here"?'],
  },
  {
    name: 'an unknown destination in a route and in the default',
    source: around('routes: [{ id: r, to: [uk] }]\ndefault: { to: [europe] }'),
    says: ['no destination of this name', 'no destination of this name'],
  },
  {
    name: 'a destination twice in a route',
    source: around('routes: [{ id: r, to: [us, us] }]'),
    says: ['this destination stands here twice'],
  },
  {
    name: 'an id twice',
    source: around('routes: [{ id: r, to: [us] }, { id: r, to: [eu] }]'),
    says: ['another rule has this id'],
  },
  {
    name: 'a reserved id',
    source: around('routes: [{ id: wish, to: [us] }]'),
    says: ['this id is reserved'],
  },
  {
    name: 'an id that breaks a header',
    source: around('routes: [{ id: "a\\r\\nb", to: [us] }]'),
    says: ['expected a name'],
  },
  {
    name: 'a group with the name of a type',
    source: around('groups: { HEALTH: [PERSON] }'),
    says: ['an entity type or group has this name already'],
  },
  {
    name: 'a group with an unknown type',
    source: around('groups: { MINE: [PERSN] }'),
    says: ['unknown entity type; did you mean "PERSON"?'],
  },
  {
    name: 'a list file that is not there',
    source: around('lists: { a: { file: ./no.txt } }'),
    says: ['cannot be read'],
  },
  { name: 'a list of another kind', source: around('lists: { a: 5 }'), says: ['expected a list of terms'] },
  {
    name: 'a cloud destination without a provider',
    source: 'version: 1\npolicy: p\ndestinations: { c: { kind: cloud } }\ndefault: { to: [c] }',
    says: ['a cloud destination needs "provider"'],
  },
  {
    name: 'a local destination with a provider',
    source: 'version: 1\npolicy: p\ndestinations: { c: { kind: local, provider: x } }\ndefault: { to: [c] }',
    says: ['a local destination has no provider'],
  },
  {
    name: 'anchors and aliases',
    source: around('lists: { a: &x [b], c: *x }'),
    says: ['anchors', 'aliases'],
  },
  { name: 'merge keys', source: around('limits: [{ <<: { per: identity.key } }]'), says: ['merge keys'] },
  { name: 'tags', source: around('shadow: !!js/function x'), says: ['tags'] },
  {
    name: 'a key that would reach the prototype',
    source: around('__proto__: { a: 1 }'),
    says: ['this key is not allowed'],
  },
]

describe('compiling a policy', () => {
  for (const row of table) {
    it(`reports ${row.name}`, () => {
      const { policy, problems } = compilePolicy(row.source, OPTIONS)
      assert.equal(policy, null)
      const said = problems.map((p) => `${p.line}:${p.column} ${p.message}`)
      for (const part of row.says)
        assert.ok(
          said.some((one) => one.includes(part)),
          `${part} in ${said.join(' | ')}`,
        )
      assert.ok(problems.every((p) => p.file === 'rules.yaml' && p.severity === 'error'))
    })
  }

  it('reports problems of shape, names and conditions in one go, in the order of the file', () => {
    const said = problemsOf(
      around(`${GUARD}    when: { findings.totl: { gte: 1 } }\n    then: { ceiling: locl }
routes: [{ id: r, to: [uk] }]
limts: []`),
    )
    assert.deepEqual(
      said.map((p) => p.line),
      [11, 12, 13, 14],
    )
  })

  it('reads JSON', () => {
    const policy = compiled(
      JSON.stringify({
        version: 1,
        policy: 'json',
        destinations: { here: { kind: 'local' } },
        default: { to: ['here'] },
      }),
    )
    assert.equal(policy.name, 'json')
    assert.match(policy.id, /^json@[0-9a-f]{12}$/)
  })

  it('reads a file with Windows line ends and a byte order mark', () => {
    const source = `\uFEFF${around('routes: [{ id: r, to: [us] }]').replaceAll('\n', '\r\n')}`
    assert.equal(compiled(source).routes.length, 1)
  })

  it('accepts types of the deny list and groups of the file', () => {
    const policy = policyWith(
      `groups: { SECRET_THINGS: [PROJECT, PERSON] }
guards:
  - { id: a, when: { findings.PROJECT.count: { gte: 1 } }, then: { ceiling: local } }
  - { id: b, when: { findings.SECRET_THINGS.count: { gte: 1 } }, then: { ceiling: local } }`,
      { entityTypes: ['PROJECT'] },
    )
    assert.equal(policy.guards.length, 2)
  })

  it('keeps the path of a shadow policy', () => {
    assert.equal(policyWith('shadow: ./candidate.yaml').shadow, './candidate.yaml')
    assert.equal(policyWith('').shadow, null)
  })
})

describe('destinations against the configuration', () => {
  const source = `version: 1
policy: p
destinations:
  l: { kind: local, model: small, optional: true }
  c: { kind: cloud, provider: acme, model: big, optional: true }
default: { to: [l, c] }`

  it('reports a provider that the configuration does not name, with the nearest', () => {
    const [problem] = problemsOf(source.replace('big, optional: true', 'big'), {
      providers: [{ name: 'acmee', model: null }],
      localModel: 'small',
    })
    assert.match(
      problem?.message ?? '',
      /no provider of this name in the configuration; did you mean "acmee"\?/,
    )
    assert.equal(problem?.line, 5)
  })

  it('leaves out optional destinations that nothing provides', () => {
    const policy = compiled(source, { providers: [], localModel: null })
    assert.deepEqual(policy.destinations, [])
    assert.deepEqual(policy.fallback.to, [])
  })

  it('warns about a local destination without a local model, and keeps it', () => {
    const { policy, problems } = compilePolicy(source.replace('small, optional: true', 'small'), {
      ...OPTIONS,
      providers: [],
      localModel: null,
    })
    assert.deepEqual(
      problems.map((p) => p.severity),
      ['warning'],
    )
    assert.deepEqual(
      policy?.destinations.map((one) => one.name),
      ['l'],
    )
  })

  it('warns about a model that the local engine does not have', () => {
    const { problems } = compilePolicy(source, { ...OPTIONS, localModel: 'other' })
    assert.deepEqual(
      problems.map((p) => [p.severity, p.line]),
      [['warning', 4]],
    )
  })

  it('reports a model "*" of a provider that names none', () => {
    const [problem] = problemsOf(source.replace('model: big', 'model: "*"'), {
      providers: [{ name: 'acme', model: null }],
      localModel: 'small',
    })
    assert.match(problem?.message ?? '', /the provider has no model of its own/)
  })
})

describe('hostile policy files', () => {
  const hostile: Readonly<Record<string, string>> = {
    brackets: '['.repeat(200_000),
    braces: 'a: {'.repeat(50_000),
    dashes: `${'- '.repeat(100_000)}a`,
    'question marks': '? '.repeat(50_000),
    indentation: `a:\n${' '.repeat(5000)}b: 1`,
    anchors: '&a '.repeat(50_000),
    'an alias bomb': `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `k${i}: [*a, *a]`).join('\n')}`,
    'too large': `# ${'x'.repeat(300_000)}`,
    'many keys': Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n'),
    'one key many times': 'a: 1\n'.repeat(40_000),
    commas: `[${','.repeat(60_000)}]`,
    colons: 'a: '.repeat(60_000),
  }
  for (const [name, source] of Object.entries(hostile)) {
    it(`refuses ${name} soon and without a throw`, () => {
      const started = process.cpuUsage()
      const { policy, problems } = compilePolicy(source, OPTIONS)
      const { user } = process.cpuUsage(started)
      assert.equal(policy, null)
      assert.ok(problems.length > 0)
      assert.ok(user < 8_000_000, `${user} us`)
    })
  }

  it('never throws, whatever the text', () => {
    const lines = fixture('acme.yaml').split('\n')
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 400 }), { maxLength: 3 }),
        fc.string({ maxLength: 8 }),
        (cuts, noise) => {
          let text = lines.join('\n')
          for (const cut of cuts) text = text.slice(0, cut * 10) + noise + text.slice(cut * 10 + 1)
          const { policy, problems } = compilePolicy(text, OPTIONS)
          assert.equal(
            policy === null,
            problems.some((p) => p.severity === 'error'),
          )
          for (const p of problems) assert.ok(p.line >= 1 && p.column >= 1)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('never repeats what stands in the file', () => {
    const secret = 'hunter2-Kq9sVx'
    const places = [
      `${secret}: 1`,
      `lists: { a: [${secret}, [${secret}]] }`,
      `lists: { a: { file: ${secret} } }`,
      `shadow: !${secret} x`,
      `shadow: *${secret}`,
      `shadow: "${secret}\\q"`,
      `limits: [{ per: ${secret}, requests: ${secret} }]`,
      `routes: [{ id: r, to: [${secret}], when: { ${secret}: { ${secret}: ${secret} } } }]`,
      `routes: [{ id: r, to: [us], when: { identity.team: { eq: { ${secret}: 1 } } } }]`,
      `groups: { X: [${secret}], ${secret}: [PERSON] }`,
      `guards: [{ id: ${secret} ${secret}, then: ${secret} }]`,
      `%${secret}`,
    ]
    for (const place of places) {
      const problems = problemsOf(around(place))
      assert.ok(problems.length > 0, place)
      for (const p of problems) assert.ok(!p.message.includes(secret), p.message)
    }
  })
})
