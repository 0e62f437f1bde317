import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import {
  type CompileOptions,
  casesJsonSchema,
  checkPolicy,
  compilePolicy,
  decidingRule,
  diffPolicies,
  evaluate,
  type PolicyDiff,
  parseFacts,
  policyJsonSchema,
  type RecordedRequest,
  type RuleProblem,
  runCases,
} from '../../routing-rules/index.ts'
import type { AuditEntry } from '../ports.ts'
import { table } from './audit.ts'
import { CliError, CONFIG_OPTION, type CommandModule, configFor, writeOut } from './command.ts'

/** `rules`: check, test and explain a policy file. Exit 0 fine, 1 the rules or tests are wrong, 2 usage. */
export const rules: CommandModule = (program, runner) => {
  const group = program.command('rules').description('check, test and explain routing rules')
  group
    .command('check <file>')
    .description('every problem of a policy, as file:line:column: message')
    .action((file: string) => runner(() => check(file)))
  group
    .command('test <file> [tests]')
    .description('run the tests beside a policy (default: <file>.test.yaml) and hold its coverage')
    .option('--json', 'the report as JSON')
    .action((file: string, tests: string | undefined, options: { json?: boolean }) =>
      runner(() => test(file, tests, options.json === true)),
    )
  group
    .command('diff <old> <new>')
    .description('replay recorded metadata through two policies: what changes, per team, what loosens first')
    .option('--since <span>', 'how far back, such as 7d or 12h', '7d')
    .option('--no-loosen', 'exit 1 when a decision would loosen')
    .option('--json', 'the comparison as JSON')
    .option(...CONFIG_OPTION)
    .action((before: string, after: string, options: DiffOptions) =>
      runner(() => diff(before, after, options)),
    )
  group
    .command('schema')
    .description('the JSON Schema of a policy file, for completion in editors')
    .option('--tests', 'of a file of rule tests instead')
    .action((options: { tests?: boolean }) =>
      runner(async () => {
        await writeOut(
          `${JSON.stringify(options.tests === true ? casesJsonSchema() : policyJsonSchema(), null, 2)}\n`,
        )
        return 0
      }),
    )
  group
    .command('explain <file>')
    .description('the decision for given facts')
    .requiredOption('--facts <file>', 'JSON or YAML: nested, dotted or a recorded decision')
    .option('--model <name>', 'the model the client asks for')
    .action((file: string, options: { facts: string; model?: string }) =>
      runner(() => explain(file, options)),
    )
}

function read(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch {
    throw new CliError(`${file}: cannot be read as UTF-8 text`)
  }
}

function compileOptions(file: string): CompileOptions {
  return {
    file,
    readList: (path) => {
      try {
        return readFileSync(resolve(dirname(file), path), 'utf8')
      } catch {
        return null
      }
    },
  }
}

async function check(file: string): Promise<number> {
  const { policy, problems } = compilePolicy(read(file), compileOptions(file))
  const all = policy === null ? problems : [...problems, ...checkPolicy(policy)]
  await report(all)
  if (policy === null || all.some(({ severity }) => severity === 'error')) return 1
  const { guards, routes, destinations } = policy
  await writeOut(
    `${file}: ${guards.length} guards, ${routes.length} routes, ${destinations.length} destinations: fine\n`,
  )
  return 0
}

async function report(problems: readonly RuleProblem[]): Promise<void> {
  for (const { file, line, column, message, severity } of problems) {
    await writeOut(`${file}:${line}:${column}: ${severity === 'warning' ? 'warning: ' : ''}${message}\n`)
  }
}

async function test(file: string, tests: string | undefined, json: boolean): Promise<number> {
  const casesFile = tests ?? file.replace(/\.(ya?ml|json)$/, '.test.$1')
  const result = runCases(read(file), read(casesFile), { ...compileOptions(file), casesFile })
  if (json) {
    await writeOut(`${JSON.stringify(result)}\n`)
    return result.passed ? 0 : 1
  }
  await report(result.problems)
  for (const one of result.results) {
    if (one.passed) continue
    await writeOut(
      `${casesFile}:${one.line}:1: ${one.name}\n${one.mismatches.map((mismatch) => `    ${mismatch}\n`).join('')}`,
    )
  }
  for (const [name, { reached, minimum, missed }] of [
    ['guards', result.guards],
    ['routes', result.routes],
  ] as const) {
    const verdict =
      reached >= minimum
        ? ''
        : `, below the ${percent(minimum)} the tests ask for; not reached: ${missed.join(', ')}`
    await writeOut(`${name} reached: ${percent(reached)}${verdict}\n`)
  }
  const failed = result.results.filter((one) => !one.passed).length
  await writeOut(`${result.results.length - failed} passed, ${failed} failed\n`)
  return result.passed ? 0 : 1
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

async function explain(file: string, options: { facts: string; model?: string }): Promise<number> {
  const { policy, problems } = compilePolicy(read(file), compileOptions(file))
  if (policy === null) {
    await report(problems)
    return 1
  }
  const parsed = parseFacts(read(options.facts), options.facts, policy)
  if (parsed.facts === null) {
    await report(parsed.problems)
    return 1
  }
  const { facts } = parsed
  const decision = evaluate(policy, facts, {
    endpoint: facts.request.endpoint,
    wish: options.model ?? facts.request.model ?? null,
  })
  await writeOut(`${JSON.stringify({ ...decision, rule: decidingRule(decision) }, null, 2)}\n`)
  return 0
}

interface DiffOptions {
  readonly config?: string
  readonly since: string
  readonly loosen: boolean
  readonly json?: boolean
}

async function diff(before: string, after: string, options: DiffOptions): Promise<number> {
  const [old, next] = [before, after].map((file) => compilePolicy(read(file), compileOptions(file)))
  if (!old?.policy || !next?.policy) {
    await report([...(old?.problems ?? []), ...(next?.problems ?? [])])
    return 1
  }
  const records = await recordedRequests(options)
  const result = diffPolicies(old.policy, next.policy, records)
  if (options.json === true) await writeOut(`${JSON.stringify({ requests: records.length, ...result })}\n`)
  else await writeOut(renderDiff(records.length, result))
  return result.loosened > 0 && !options.loosen ? 1 : 0
}

/** The decisions of the audit log since a time; each request once. */
async function recordedRequests(options: DiffOptions): Promise<RecordedRequest[]> {
  const { control } = await import('../control.ts')
  const from = Date.now() - spanOf(options.since)
  const records: RecordedRequest[] = []
  for await (const line of control(configFor(options), 'audit.export', { from })) {
    const { record }: { record: Partial<AuditEntry> } = JSON.parse(line)
    if (record.decision === undefined || record.request_id === undefined) continue
    records.push({
      request_id: record.request_id,
      endpoint: record.endpoint ?? 'chat',
      user: record.user ?? null,
      facts: record.decision.facts,
    })
  }
  return records
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

function spanOf(text: string): number {
  const match = /^(\d{1,5})([mhdw])$/.exec(text)
  if (match === null) throw new CliError('--since takes a number and m, h, d or w, such as 7d')
  return Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0)
}

function renderDiff(requests: number, result: PolicyDiff): string {
  const changed = result.teams.reduce((sum, team) => sum + team.loosened + team.tightened + team.moved, 0)
  const rows = result.teams.map((team) =>
    [team.team ?? '-', team.total, team.loosened, team.tightened, team.moved].map(String),
  )
  const examples = result.examples
    .slice(0, 20)
    .map(
      ({ change, request_id, before, after }) =>
        `${change.padEnd(10)} ${request_id}  ${before.action}/${before.destination ?? '-'} -> ${after.action}/${after.destination ?? '-'}\n`,
    )
  return [
    `${requests} requests replayed, ${changed} decisions change, ${result.loosened} of them LOOSEN\n`,
    table(['team', 'requests', 'loosened', 'tightened', 'moved'], rows),
    ...examples,
  ].join('')
}
