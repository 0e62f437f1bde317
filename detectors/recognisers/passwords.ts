/** Secrets that have no format of their own: told by the label in front of them or their place in a URL. */
import { definePattern, example } from '../define.ts'
import { WordTable } from '../scan.ts'
import { scanOf } from '../text.ts'
import type { Finding, Recogniser, Span } from '../types.ts'

type Kind = 'password' | 'secret'

const PASSWORD_LABELS = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'pass',
  'pwd',
  'pw',
  'dbpassword',
  'userpassword',
  'rootpassword',
  'adminpassword',
  'mypassword',
  'smtppassword',
  'userpass',
  'dbpass',
  'rootpass',
  'kennwort',
  'passwort',
  'zugangscode',
  'mot de passe',
  'mdp',
  'contraseña',
  'contrasena',
  'clave',
  'senha',
  'palavra-passe',
  'palavra passe',
  'wachtwoord',
  'hasło',
  'haslo',
  'lösenord',
  'losenord',
  'adgangskode',
  'passord',
  'salasana',
  'heslo',
  'jelszó',
  'parolă',
  'parola',
  'şifre',
  'sifre',
  'пароль',
  'κωδικός πρόσβασης',
  'סיסמה',
  '密码',
  '口令',
  'パスワード',
  '비밀번호',
  'PIN',
  'PIN code',
  'wifi key',
]
const SECRET_LABELS = [
  'secret',
  'token',
  'apikey',
  'api key',
  'key',
  'credential',
  'credentials',
  'auth',
  'clientsecret',
  'accesskey',
  'secretkey',
  'authtoken',
  'accesstoken',
  'refreshtoken',
  'privatekey',
  'appsecret',
  'signature',
  'sas',
  'sig',
  'accountkey',
  'sharedaccesskey',
  'connectionstring',
  'webhook',
]
const LABELS = new WordTable<Kind>([
  ...PASSWORD_LABELS.map((label) => [label, 'password'] as const),
  ...SECRET_LABELS.map((label) => [label, 'secret'] as const),
])

/** Between label and value: an assignment or table mark, or a verb of a sentence. */
const LINK =
  /(?:["'`\])*]{0,3}[ \t]{0,4}(?<mark>:=|=>|->|==?|[:\uff1a|])[ \t]{0,4}(?:\r?\n[ \t]{0,8})?\*{0,2}|["'`]?[ \t]{1,3}(?:(?<verb>(?:is|was|to|ist|lautet|est|es|é|è|jest|är|er|on|вот|это)(?:[ \t]{0,2}:)?)[ \t]{1,3})?)/iuy
const VALUE =
  /"(?<double>[^"\r\n]{3,256})"|'(?<single>[^'\r\n]{3,256})'|`(?<tick>[^`\r\n]{3,256})`|(?<plain>[^\s"'`]{3,256})/uy

/** What stands in code and documents where a secret would: types, states, variables, calls, masks. */
const NOT_A_SECRET =
  /^(?:null|nil|none|true|false|undefined|required|optional|string|str|text|char|varchar\S*|int|integer|number|bool|boolean|any|object|unknown|incorrect|invalid|wrong|expired|missing|empty|not|the|a|an|your|my|his|her|too|changed|reset|protected|correct|valid|secure|weak|strong|encrypted|hashed|stored|sent|set|here|also|and|or|for|of|in|self|this|env|default|n\/a|example|redacted|hidden|secret|password|passwd|token|changeme\?)$|^[$%{<]|^(?:process|os|self|this|config|settings|env|args|props|req|request|user|options|params)[.[]|^[A-Za-z_][\w.]{2,80}\(.{0,200}\)?$|^[*•.xX_-]{3,}$/iu

/** Shannon entropy in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

/** Whether a value looks drawn at random: long, of several kinds of character, without a word's repetition. */
export function looksRandom(value: string): boolean {
  if (value.length < 16 || !/^[\w+/=.~!@#$%^&*:-]+$/u.test(value)) return false
  if (!/[0-9]/u.test(value) || !/[A-Za-z]/u.test(value)) return false
  return entropy(value.slice(0, 128)) >= (/^[0-9a-f-]+$/iu.test(value) ? 2.9 : 3.5)
}

const looksChosen = (value: string): boolean => /[0-9!@#$%^&*?+=]/u.test(value) && value.length >= 4

/** At least a digit and something besides letters of one case: nobody writes such a word in a sentence. */
const looksMade = (value: string): boolean =>
  value.length >= 6 &&
  /[0-9]/u.test(value) &&
  (/[^\p{L}\p{N}.,:/-]/u.test(value) || (/\p{Ll}/u.test(value) && /\p{Lu}/u.test(value)))

/** How label and value are joined: by an assignment, by a verb, or by nothing but a space. */
type Join = 'mark' | 'verb' | 'space'

interface Labelled {
  readonly value: string
  readonly span: Span
  readonly quoted: boolean
  readonly join: Join
}

/** Takes off what ends the sentence, the statement or the bracket the value stands in. */
function trimPlain(raw: string, join: Join): string {
  let value = join === 'mark' ? (/^[^,;<>|]{3,256}/u.exec(raw)?.[0] ?? raw) : raw
  value = value.replace(/\\[nrt]?$/u, '')
  for (;;) {
    const last = value.at(-1) ?? ''
    const open = { ')': '(', ']': '[', '}': '{' }[last]
    const closes = open !== undefined && !value.includes(open)
    if (!closes && !'.,:;?'.includes(last)) return value
    if (value === '') return value
    value = value.slice(0, -1)
  }
}

/** The value after a label that ends at `at`. */
function valueAfter(text: string, at: number): Labelled | null {
  LINK.lastIndex = at
  const link = LINK.exec(text)
  if (link === null) return null
  const start = at + link[0].length
  VALUE.lastIndex = start
  const match = VALUE.exec(text)
  if (match === null) return null
  const join: Join =
    link.groups?.mark !== undefined ? 'mark' : (link.groups?.verb ?? '') === '' ? 'space' : 'verb'
  const plain = match.groups?.plain
  const value = plain === undefined ? match[0].slice(1, -1) : trimPlain(plain, join)
  const from = start + (plain === undefined ? 1 : 0)
  return { value, span: { start: from, end: from + value.length }, quoted: plain === undefined, join }
}

function isSecret(kind: Kind, { value, quoted, join }: Labelled): boolean {
  if (value.length < 4 || NOT_A_SECRET.test(value)) return false
  if (kind === 'secret') return join !== 'space' && looksRandom(value)
  if (join === 'space') return !quoted && looksMade(value)
  if (join === 'verb') return looksChosen(value)
  if (quoted) return !/\s\S{1,64}\s/u.test(value) || looksChosen(value)
  // Unquoted, a bare word may be a type or a variable; a dotted name is one.
  return looksChosen(value)
    ? !/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/u.test(value)
    : /[^A-Za-z_.]/u.test(value) && value.length >= 5
}

const labelled: Recogniser = {
  id: 'labelled_secret',
  layer: 'pattern',
  entities: ['PASSWORD', 'API_KEY'],
  about: { source: 'labels in 25 languages' },
  examples: [
    example('password=hunter2 user=x', 'hunter2'),
    example('DB_PASSWORD: "s3cret pass!"', 's3cret pass!'),
    example('Mein Passwort lautet Sommer2024!', 'Sommer2024!'),
    example('client_secret = "9fJ2kLq8Zx0PvT7mB4nR6yWc"', '9fJ2kLq8Zx0PvT7mB4nR6yWc'),
    example(
      'Reset password O(0yl55k(gT for jane; login with password d3*jos(y+DC.',
      'O(0yl55k(gT',
      'd3*jos(y+DC',
    ),
    example('The password is required.'),
    example('password: string; token: Token'),
    example('key = value, secret = getSecret()'),
  ],
  analyse: (analysed) => {
    const text = analysed.canonical
    const findings: Finding[] = []
    let done = 0
    LABELS.each(text, scanOf(analysed).words, (start, end, kind) => {
      if (start < done) return
      const found = valueAfter(text, end)
      if (found === null || !isSecret(kind, found)) return
      done = found.span.end
      findings.push(
        kind === 'password'
          ? { entity: 'PASSWORD', span: found.span, score: 0.85, recogniser: 'labelled_secret' }
          : {
              entity: 'API_KEY',
              subtype: 'generic',
              span: found.span,
              score: 0.8,
              recogniser: 'labelled_secret',
            },
      )
    })
    return findings
  },
}

const urlCredentials = definePattern({
  id: 'url_credentials',
  entity: 'PASSWORD',
  pattern: /:\/\/(?<value>[^\s/:@"'<>`]{0,128}:[^\s/@"'<>`]{1,256})@(?=[^\s@])/u,
  starts: (scan) => scan.colons,
  boundary: 'none',
  validate: (value) => !/^[^:]*:(?:\/|[*x.]+$|\$|%|\{|<|pass(?:word)?$|pw$|pwd$|secret$)/iu.test(value),
  scores: { plain: 0.95 },
  structured: true,
  about: { subtype: 'url_credentials', source: 'RFC 3986, section 3.2.1' },
  examples: [
    example('postgres://app:s3cr3t@db.example.com:5432/main', 'app:s3cr3t'),
    example('redis://:p4ss@cache', ':p4ss'),
    example('http://cafe:d34d@example.com/', 'cafe:d34d'),
    example('http://example.com:80/a@b'),
    example('http://user:<password>@example.com'),
    example('https://jane@example.com/'),
  ],
})

const authorization = definePattern({
  id: 'authorization',
  entity: 'API_KEY',
  pattern: /(?:bearer|basic|token|apikey)[ \t:]{1,3}(?<value>[A-Za-z0-9._~+/-]{12,4096}={0,2})/iu,
  words: ['bearer', 'basic', 'token', 'apikey'],
  validate: (value) => looksRandom(value) || /^[A-Za-z0-9+/]{16,}={1,2}$/u.test(value),
  scores: { plain: 0.85 },
  structured: true,
  about: { subtype: 'authorization', source: 'RFC 6750, RFC 7617' },
  examples: [
    example('Authorization: Bearer 8f3kLm29sXq0ZtB7vC1n', '8f3kLm29sXq0ZtB7vC1n'),
    example('authorization: basic amFuZTpodW50ZXIyaHVudGVy', 'amFuZTpodW50ZXIyaHVudGVy'),
    example("-H 'X: Token 0123456789abcdef0123456789abcdef'", '0123456789abcdef0123456789abcdef'),
    example('Bearer XXXXXXXXXXXXXXXXXXXX'),
    example('basic understanding of tokens'),
    example('token authentication-required'),
  ],
})

/** All of this file. */
export const PASSWORDS: readonly Recogniser[] = [labelled, urlCredentials, authorization]
