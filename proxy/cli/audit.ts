import type { RecordQuery } from '../ports.ts'
import { CliError, CONFIG_OPTION, type CommandModule, configFor, writeOut } from './command.ts'

interface SearchOptions {
  readonly config?: string
  readonly from?: string
  readonly to?: string
  readonly user?: string
  readonly team?: string
  readonly action?: string
  readonly entity?: string
  readonly json?: boolean
}

/** `audit search` and `audit export`: what was recorded, also while the proxy runs. */
export const audit: CommandModule = (program, runner) => {
  const group = program.command('audit').description('read the audit log (metadata only)')
  group
    .command('export')
    .description('the whole log as JSON lines')
    .option(...CONFIG_OPTION)
    .action((options: SearchOptions) => runner(() => exportAll(options)))
  group
    .command('search')
    .description('matching records as a table')
    .option('--from <time>', 'ISO 8601 time, inclusive')
    .option('--to <time>', 'ISO 8601 time, exclusive')
    .option('--user <user>')
    .option('--team <team>')
    .option('--action <action>', 'local, cloud, blocked, held or error')
    .option('--entity <type>', 'an entity type that was found, such as PERSON')
    .option('--json', 'one record a line')
    .option(...CONFIG_OPTION)
    .action((options: SearchOptions) => runner(() => search(options)))
}

async function exportAll(options: SearchOptions): Promise<number> {
  const { control } = await import('../control.ts')
  for await (const line of control(configFor(options), 'audit.export', {})) await writeOut(`${line}\n`)
  return 0
}

async function search(options: SearchOptions): Promise<number> {
  const { control } = await import('../control.ts')
  const rows: string[][] = []
  for await (const line of control(configFor(options), 'audit.export', queryOf(options))) {
    if (options.json === true) await writeOut(`${line}\n`)
    else rows.push(rowOf(line))
  }
  if (options.json !== true)
    await writeOut(
      table(
        ['time', 'request', 'kind', 'user', 'team', 'action', 'destination', 'rule', 'code', 'entities'],
        rows,
      ),
    )
  return 0
}

function queryOf(options: SearchOptions): RecordQuery {
  const { user, team, action, entity } = options
  return {
    ...(options.from === undefined ? {} : { from: timeOf('--from', options.from) }),
    ...(options.to === undefined ? {} : { to: timeOf('--to', options.to) }),
    ...(user === undefined ? {} : { user }),
    ...(team === undefined ? {} : { team }),
    ...(action === undefined ? {} : { action }),
    ...(entity === undefined ? {} : { entity }),
  }
}

function timeOf(option: string, text: string): number {
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new CliError(`${option} takes an ISO 8601 time, such as 2026-11-20T08:00:00Z`)
  return time
}

function rowOf(line: string): string[] {
  const parsed: { record?: Record<string, unknown> } = JSON.parse(line)
  const record = parsed.record ?? {}
  const text = (name: string): string =>
    record[name] === null || record[name] === undefined ? '-' : String(record[name])
  const outcome = record.outcome
  const code =
    typeof outcome === 'object' && outcome !== null && 'code' in outcome && outcome.code !== null
      ? String(outcome.code)
      : '-'
  const time = typeof record.time === 'number' ? new Date(record.time).toISOString() : '-'
  const entities = Object.entries(record.entities ?? {}).map(([type, count]) => `${type}=${count}`)
  return [
    time,
    text('request_id'),
    text('kind'),
    text('user'),
    text('team'),
    text('action'),
    text('destination'),
    text('rule'),
    code,
    entities.join(';'),
  ]
}

/** Columns as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), title.length),
  )
  const lines = [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}
