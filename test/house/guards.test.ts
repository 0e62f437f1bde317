/**
 * Every invariant has a test that goes red when its guard is removed. This removes the guards, one after the
 * other, in a copy of the tree, and runs the tests that should notice.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

interface Removal {
  readonly invariant: string
  readonly file: string
  /** A piece of the guard as it stands in the file, and what stands there without the guard. */
  readonly guard: string
  readonly without: string
  /** Which test files should notice. */
  readonly tests: readonly string[]
}

const REMOVALS: readonly Removal[] = [
  {
    invariant: '1 default deny: an unknown field is let through',
    file: 'proxy/wire/read.ts',
    guard: "if (context.strict && !rule.lenient && inner !== null) fail(context, 'unsupported_field')",
    without: 'result[name] = inner',
    tests: ['wire/chat-request'],
  },
  {
    invariant: '2 nothing unsanitised: the last check of the bytes is skipped',
    file: 'proxy/cloud/egress.ts',
    guard: "if (leaks) throw new EgressError('violation')",
    without: '',
    tests: ['cloud/egress'],
  },
  {
    invariant: '2 nothing unsanitised: findings are not replaced',
    file: 'proxy/pipeline/cloud-answer.ts',
    guard: 'parts.sanitised ? parts.slots : []',
    without: '[]',
    tests: ['pipeline/pipeline'],
  },
  {
    invariant: '3 nothing unaudited: the intent is not waited for',
    file: 'proxy/cloud/egress.ts',
    guard: 'await beforeFirstByte()',
    without: 'void beforeFirstByte().catch(() => undefined)',
    tests: ['cloud/egress'],
  },
  {
    invariant: '3 nothing unaudited: a log that is down is ignored',
    file: 'proxy/pipeline.ts',
    guard: "if (this.#parts.audit.status() !== 'ok') throw new Problem('audit_unavailable')",
    without: '',
    tests: ['pipeline/pipeline'],
  },
  {
    invariant: '4 a failed detector opens the door',
    file: 'proxy/pipeline.ts',
    guard: 'this.#refuseFailedDetectors(prepared.inspection)',
    without: '',
    tests: ['pipeline/pipeline'],
  },
  {
    invariant: '4 a thread of the detectors that ended counts as one that found nothing',
    file: 'proxy/detector-threads.ts',
    guard: "pattern: status, ner: this.#options.detectors.ner ? status : 'off'",
    without: "pattern: 'ok', ner: 'ok'",
    tests: ['detector-threads'],
  },
  {
    invariant: '5 no text in a sink: audit fields take anything',
    file: 'proxy/ports.ts',
    guard: '/^[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}._@|:+/=~-]{0,127}$/u',
    without: '/^/u',
    tests: ['audit/entry'],
  },
  {
    invariant: '6 restore is scoped: values go into any address',
    file: 'restore/stream.ts',
    guard: "options.allowedHosts === 'any'",
    without: 'true',
    tests: ['restore/url-guard'],
  },
  {
    invariant: '7 redirects are errors',
    file: 'proxy/cloud/receive.ts',
    guard: "if (status >= 300 && status < 400) return 'redirect'",
    without: '',
    tests: ['cloud/egress'],
  },
  {
    invariant: '8 linear time: patterns search on instead of matching at their candidate places',
    file: 'detectors/define.ts',
    guard: '`yu${pattern.ignoreCase',
    without: '`gu${pattern.ignoreCase',
    tests: ['detectors/linear'],
  },
  {
    invariant: '9 hashes of content are keyed',
    file: 'proxy/keyring.ts',
    guard: "createHmac('sha256', audit).update(tenant).digest()",
    without: 'Buffer.alloc(32)',
    tests: ['keyring'],
  },
  {
    invariant: '4 the cascade: a ceiling of local is passed',
    file: 'routing-rules/evaluate.ts',
    guard: "destination.kind === 'local' || (bounds.ceiling < RANK.local && !wantsLocal)",
    without: "destination.kind === 'local' || !wantsLocal",
    tests: ['routing-rules/drafts', 'routing-rules/evaluate'],
  },
  {
    invariant: '4 the cascade: a draft that failed counts as one that does not convince',
    file: 'proxy/pipeline/draft.ts',
    guard: "outcome: 'failed', status, confidence: null",
    without: "outcome: 'failed', status, confidence: 0",
    tests: ['pipeline/draft'],
  },
  {
    invariant: '4 the cascade: a draft that is late counts as one that does not convince',
    file: 'proxy/pipeline/draft.ts',
    guard: "outcome: 'unjudged', status: 'ok', confidence: null",
    without: "outcome: 'unjudged', status: 'ok', confidence: 0",
    tests: ['pipeline/draft'],
  },
  {
    invariant: '8 the cascade: the wait for a draft has no end',
    file: 'proxy/pipeline/draft.ts',
    guard: 'const said = await Promise.race([answer, late])',
    without: 'const said: WireObject | typeof LATE = await answer',
    tests: ['pipeline/draft'],
  },
  {
    invariant: '4 the contextual layer: a window whose planted name was missed counts as read',
    file: 'detectors/contextual.ts',
    guard: 'return wasRead ?',
    without: 'return wasRead || canaries.length > 0 ?',
    tests: ['detectors/contextual'],
  },
]

const PATIENCE_MS = 30_000
let copy: string
const root = join(import.meta.dirname, '../..')

before(() => {
  copy = mkdtempSync(join(tmpdir(), 'cloakroom-guards-'))
  for (const name of [
    'proxy',
    'detectors',
    'restore',
    'routing-rules',
    'test',
    'package.json',
    'tsconfig.json',
  ]) {
    cpSync(join(root, name), join(copy, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
})
after(() => rmSync(copy, { recursive: true, force: true }))

/** Whether the tests pass within half a minute; a guard whose removal makes one hang is missed too. */
function testsPass(tests: readonly string[]): Promise<boolean> {
  const { NODE_TEST_CONTEXT: _context, TEST_DATABASE_URL: _database, ...environment } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/run.ts', ...tests], {
    cwd: copy,
    env: environment,
    stdio: 'ignore',
    // A group of its own, so that the processes of the single files end with it.
    detached: true,
  })
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, PATIENCE_MS)
    child.once('exit', (code) => {
      clearTimeout(timer)
      resolve(code === 0)
    })
  })
}

for (const { invariant, file, guard, without, tests } of REMOVALS) {
  test(`a test goes red when a guard is removed: ${invariant}`, async () => {
    const path = join(copy, file)
    const source = readFileSync(path, 'utf8')
    assert.equal(source.split(guard).length, 2, `the guard stands once in ${file}`)
    writeFileSync(
      path,
      source.replace(guard, () => without),
    )
    try {
      assert.equal(await testsPass(tests), false)
    } finally {
      writeFileSync(path, source)
    }
  })
}
