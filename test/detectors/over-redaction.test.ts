import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createDetectors } from '../../detectors/index.ts'

const detectors = createDetectors({ ner: false, languages: [], allow: [], deny: [] })

/** Texts in which nothing is personal: code, logs, identifiers of things, prices, maths. */
const UNTOUCHED: readonly (readonly [name: string, text: string])[] = [
  ['a function', 'export function add(a: number, b: number): number {\n  return a + b // 42\n}'],
  [
    'an SQL query',
    "SELECT id, name FROM orders WHERE total > 1000.50 AND status = 'open' LIMIT 100 OFFSET 20;",
  ],
  ['a log line', '2024-01-15T10:30:00.123Z INFO [worker-3] processed 1532 records in 245ms (heap 128MB)'],
  [
    'an old-style log line',
    '2024-01-15 10:30:00,123 DEBUG com.example.Main$Inner:42 - cache hit ratio 0.9731',
  ],
  ['a UUID', 'request 550e8400-e29b-41d4-a716-446655440000 finished'],
  ['a commit', 'commit 9fceb02d0ae598e95dc970b74767f19372d61af8 fixes #1234'],
  ['a SHA-256', 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['versions', 'node v20.20.2, typescript 5.9.3, release 10.0.19045.3803, lodash@4.17.21'],
  ['prices', 'Total: $1,234,567.89, EUR 4.500,00, 99.99 €, 12 x 3.50 = 42.00'],
  ['an ISBN', 'ISBN 978-3-16-148410-0 and ISBN-10 0-306-40615-2'],
  ['maths', 'f(x) = 3x^2 + 2x - 1; pi = 3.141592653589793; 2^64 = 18446744073709551616'],
  ['a matrix', '[[1, 2, 3], [4, 5, 6], [7, 8, 9]] * 0.3333333333'],
  ['TypeScript types', 'interface Login { password: string; token?: Token; user: User; key: keyof T }'],
  [
    'environment names',
    'const key = process.env.API_KEY ?? config.get("apiKey"); const secret = getSecret()',
  ],
  [
    'a stack trace',
    'TypeError: x is not a function\n    at Object.run (/app/src/index.ts:12:34)\n    at node:internal/main:1:2',
  ],
  ['CSS', '@media (max-width: 600px) { .card::before { color: #00ff99; margin: 0 auto 12px } }'],
  ['a diff', '@@ -12,7 +12,9 @@ export const x = 1\n-  retries: 3,\n+  retries: 5,'],
  ['a timestamp', 'expires at 1700000000 (1700000000123 ms)'],
  ['hexadecimal', 'mov eax, 0xDEADBEEF; addr 0x7ffeefbff5c0; crc32 0x1c291ca3'],
  ['C++ names', 'std::vector<std::string> v; a::b::c(); std::cout << v.size();'],
  ['a general question', 'What causes diabetes, and how is depression treated in general?'],
  ['history', 'The French revolution and the Catholic church shaped Europe in 1789.'],
  ['decorators', '@Component({ selector: "app" }) class A { @Input() name = "" }'],
  ['cron', '*/5 0 1,15 * 1-5 /usr/bin/backup --keep 30'],
  ['a table', '| id | count |\n| --- | --- |\n| 1001 | 20 |\n| 1002 | 35 |'],
]

describe('what is not personal', () => {
  for (const [name, text] of UNTOUCHED) {
    it(`leaves ${name} untouched`, () => {
      const found = detectors
        .detect(text)
        .findings.map(({ recogniser, span }) => `${recogniser}:${text.slice(span.start, span.end)}`)
      assert.deepEqual(found, [])
    })
  }
})
