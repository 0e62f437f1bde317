import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Config, ConfigError, loadConfig } from '../../proxy/config/load.ts'

const folder = mkdtempSync(join(tmpdir(), 'cloakroom-config-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function load(text: string | Uint8Array, environment: Record<string, string> = {}): Config {
  writeFileSync(join(folder, 'c.yaml'), text)
  return loadConfig('c.yaml', environment, folder)
}

function problemsOf(text: string | Uint8Array, environment: Record<string, string> = {}): readonly string[] {
  try {
    load(text, environment)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.problems
  }
  return []
}

test('an empty file gives the safe defaults', () => {
  const config = load('')
  assert.deepEqual(config.listen, { host: '127.0.0.1', port: 8787 })
  assert.equal(config.auth.mode, 'none')
  assert.equal(config.local.engine, 'none')
  assert.deepEqual(config.cloud, [])
  assert.equal(config.limits.body_bytes, 10_485_760)
  assert.deepEqual(config.placeholders, { scope: 'tenant', rotate_days: 30 })
})

test('the whole example of the documentation is accepted', () => {
  const config = load(
    `listen: 127.0.0.1:8787
data_dir: ./data
database_url_env: DATABASE_URL
rules: ./rules.yaml
auth:
  mode: jwt
  jwt: { issuer: https://idp.example, audience: cloakroom, jwks_url: https://idp.example/jwks, algorithms: [RS256, EdDSA] }
local:
  engine: openai
  base_url: http://127.0.0.1:8000/v1
  model: qwen3-4b-instruct
  timeout_ms: 60000
cloud:
  - name: us-cloud
    base_url: https://api.openai.com/v1
    api_key_env: OPENAI_API_KEY
    timeout_ms: 120000
detectors:
  pattern: on
  ner: on
  contextual: auto
  languages: [auto]
  allow: []
  deny: [{type: PROJECT, values: [Bluebird]}]
placeholders: { scope: tenant, rotate_days: 30 }
unknown_models: auto
limits: { body_bytes: 10485760, json_depth: 64, concurrent: 256 }
`,
    { OPENAI_API_KEY: 'k', DATABASE_URL: 'postgres://db.example/x' },
  )
  assert.equal(config.cloud[0]?.apiKey, 'k')
  assert.equal(config.databaseUrl, 'postgres://db.example/x')
  assert.equal(config.rules, join(folder, 'rules.yaml'))
})

test('JSON is accepted too', () => {
  assert.equal(load('{"listen": "127.0.0.1:9000"}').listen.port, 9000)
})

const WRONG: {
  name: string
  text: string | Uint8Array
  problem: RegExp
  environment?: Record<string, string>
}[] = [
  {
    name: 'an unknown key, with the nearest one',
    text: 'listne: 127.0.0.1:1',
    problem: /^c\.yaml:1:1: unknown key; did you mean "listen"\?$/,
  },
  {
    name: 'an unknown key below',
    text: 'local:\n  engine: none\n  modle: x',
    problem: /^c\.yaml:3:3: unknown key; did you mean "model"\?$/,
  },
  {
    name: 'a key given twice',
    text: 'listen: 127.0.0.1:1\nlisten: 127.0.0.1:2',
    problem: /^c\.yaml:2:1: this key stands here twice$/,
  },
  { name: 'YAML that is broken', text: 'a: [1', problem: /^c\.yaml:1:\d+: wrong indentation, or a bracket/ },
  {
    name: 'an alias',
    text: 'data_dir: &a x\nrules: *a',
    problem: /^c\.yaml:2:8: aliases .* are not used here/,
  },
  { name: 'a list at the top', text: '- 1', problem: /^c\.yaml:1:1: expected a map/ },
  { name: 'bytes that are not UTF-8', text: Buffer.from([0x61, 0xff]), problem: /not UTF-8/ },
  {
    name: 'a public address without authentication',
    text: 'listen: 0.0.0.0:8787',
    problem: /^c\.yaml:1:9: without authentication only a loopback address/,
  },
  {
    name: 'a pattern that RE2 cannot run',
    text: 'detectors:\n  patterns: [{ type: CASE, pattern: "(?=a)b" }]',
    problem: /^c\.yaml:2:37: .*RE2 syntax/,
  },
  {
    name: 'a wrong engine',
    text: 'local: { engine: gguf }',
    problem: /^c\.yaml:1:18: not one of the values; expected one of: none, llama, openai/,
  },
  { name: 'a llama engine without a file', text: 'local: { engine: llama }', problem: /needs model_path/ },
  {
    name: 'a cloud over http',
    text: 'cloud: [{ name: c, base_url: "http://cloud.example/v1" }]',
    problem: /https/,
  },
  {
    name: 'a cloud with a password in its address',
    text: 'cloud: [{ name: c, base_url: "https://u:p@cloud.example/v1" }]',
    problem: /without user name/,
  },
  {
    name: 'a cloud key that is not there',
    text: 'cloud: [{ name: c, base_url: "https://cloud.example/v1", api_key_env: NOPE }]',
    problem: /environment variable that api_key_env names is not set/,
  },
  {
    name: 'two clouds of one name',
    text: 'cloud: [{ name: c, base_url: "https://a.example", api_key_env: K }, { name: c, base_url: "https://b.example", api_key_env: K }]',
    problem: /names must differ/,
    environment: { K: 'k' },
  },
  {
    name: 'the pattern layer switched off',
    text: 'detectors: { pattern: off }',
    problem: /cannot be switched off/,
  },
  {
    name: 'contextual required without a model',
    text: 'detectors: { contextual: required }',
    problem: /no local model is configured/,
  },
  {
    name: 'a database address of another kind',
    text: '',
    problem: /postgres:\/\//,
    environment: { DATABASE_URL: 'mysql://x' },
  },
  { name: 'jwt without its section', text: 'auth: { mode: jwt }', problem: /needs the jwt section/ },
  {
    name: 'a type to restore that does not exist',
    text: 'restore:\n  types: { CREDITCARD: never }',
    problem: /^c\.yaml:2:\d+: expected an entity type/,
  },
  { name: 'a restore policy nobody knows', text: 'restore: { default: sometimes }', problem: /^c\.yaml:1:/ },
  {
    name: 'a tool that is told text_only',
    text: 'restore: { tools: { a: text_only } }',
    problem: /^c\.yaml:1:/,
  },
  { name: 'a tool that is a sentence', text: 'restore: { tools: { "a b": never } }', problem: /^c\.yaml:1:/ },
  {
    name: 'an HMAC algorithm for tokens',
    text: 'auth: { mode: jwt, jwt: { issuer: i, audience: a, jwks_url: "https://i.example/j", algorithms: [HS256] } }',
    problem: /not one of the values; did you mean "RS256"/,
  },
]
for (const row of WRONG) {
  test(`${row.name} is an error that says where`, () => {
    const problems = problemsOf(row.text, row.environment)
    assert.ok(
      problems.some((problem) => row.problem.test(problem)),
      problems.join('\n'),
    )
  })
}

test('types to restore may be groups, whose members follow the type that is named itself, and types of ones own', () => {
  const config = load(
    'restore: { types: { CREDIT_CARD: always, PAYMENT: never, PROJECT: text_only } }\ndetectors: { deny: [{ type: PROJECT, values: [Bluebird] }] }',
  )
  assert.deepEqual(config.restore.types, {
    CREDIT_CARD: 'always',
    IBAN: 'never',
    BANK_ACCOUNT: 'never',
    PROJECT: 'text_only',
  })
})

test('all problems are reported at once and never repeat a value', () => {
  const problems = problemsOf('listen: secret-value\nlocal: { engine: another-secret }\nunknown_key: 1\n')
  assert.equal(problems.length, 3)
  assert.doesNotMatch(problems.join('\n'), /secret-value|another-secret/)
})

test('without a file the environment switches things on, and the sources are told', () => {
  const config = loadConfig(
    undefined,
    {
      OPENAI_API_KEY: 'k',
      CLOAKROOM_LOCAL_BASE_URL: 'http://127.0.0.1:11434/v1',
      CLOAKROOM_LOCAL_MODEL: 'qwen3',
      CLOAKROOM_LISTEN: '127.0.0.1:1234',
      CLOAKROOM_DATA_DIR: 'here',
    },
    folder,
  )
  assert.equal(config.cloud[0]?.baseUrl, 'https://api.openai.com/v1')
  assert.equal(config.local.engine, 'openai')
  assert.equal(config.local.model, 'qwen3')
  assert.equal(config.listen.port, 1234)
  assert.equal(config.data_dir, join(folder, 'here'))
  assert.equal(config.sources.cloud, 'OPENAI_API_KEY')
})

test('two local engines in the environment are an error', () => {
  assert.throws(
    () =>
      loadConfig(
        undefined,
        { CLOAKROOM_LOCAL_BASE_URL: 'http://127.0.0.1:1/v1', CLOAKROOM_MODEL_PATH: 'm.gguf' },
        folder,
      ),
    ConfigError,
  )
})

test('the NER layer is the built-in tagger at recall high unless the file says otherwise', () => {
  const { ner_engine: engine, ner_recall: recall, ner_timeout_ms: timeoutMs } = load('').detectors
  assert.deepEqual({ engine, recall, timeoutMs }, { engine: 'builtin', recall: 'high', timeoutMs: 5000 })
  const onnx = load('detectors: { ner_engine: onnx, ner_model_path: models/ner, ner_recall: max }').detectors
  assert.equal(onnx.ner_model_path, join(folder, 'models/ner'))
  const http = load('detectors: { ner_engine: http, ner_url: "https://names.example", ner_api_key_env: K }', {
    K: 'secret',
  }).detectors
  assert.equal(http.ner_api_key, 'secret')
})

const NAMES_WITHOUT_EFFECT: readonly (readonly [string, RegExp])[] = [
  ['{ ner_engine: onnx }', /ner_engine: engine onnx needs ner_model_path/],
  ['{ ner_engine: http }', /ner_engine: engine http needs ner_url/],
  ['{ ner_url: "http://127.0.0.1:1" }', /ner_url: has no effect unless ner_engine is http/],
  ['{ ner_engine: http, ner_url: "http://127.0.0.1:1", ner_model_path: m }', /ner_model_path: has no effect/],
  ['{ ner: off, ner_voters: [compromise] }', /ner_voters: has no effect/],
  ['{ ner_timeout_ms: 100 }', /ner_timeout_ms: has no effect/],
  ['{ ner: off, ner_recall: max }', /ner_recall: has no effect while ner is off/],
  [
    '{ ner: off, ner_engine: http, ner_url: "http://127.0.0.1:1" }',
    /ner_engine: has no effect while ner is off/,
  ],
  ['{ ner_engine: http, ner_url: "http://names.example" }', /an https address/],
  ['{ ner_engine: http, ner_url: "http://127.0.0.1:1", ner_api_key_env: NONE }', /not set/],
  ['{ ner_recall: extreme }', /balanced/],
]

for (const [detectors, message] of NAMES_WITHOUT_EFFECT) {
  test(`detectors: ${detectors} is an error`, () => {
    const problems = problemsOf(`detectors: ${detectors}`)
    assert.equal(problems.length, 1, problems.join())
    assert.match(problems[0] ?? '', message)
  })
}
