import { randomBytes } from 'node:crypto'
import type { KeyListing } from '../auth/index.ts'
import { table } from './audit.ts'
import { CliError, CONFIG_OPTION, type CommandModule, configFor, writeOut } from './command.ts'

interface AddOptions {
  readonly config?: string
  readonly team: string
  readonly user: string
  readonly region?: string
  readonly scope?: readonly string[]
  readonly json?: boolean
}

/** `keys`: API keys for `auth.mode: keys`. A key is printed once; only its hash is stored. */
export const keys: CommandModule = (program, runner) => {
  const group = program.command('keys').description('API keys of this installation')
  group
    .command('add')
    .description('make a key; it is printed once')
    .requiredOption('--team <team>')
    .requiredOption('--user <user>')
    .option('--region <region>', 'what identity.region says in the rules')
    .option('--scope <scope...>', 'chat, audit, admin (default: chat)')
    .option('--json', '{id, key, team, user, scopes}')
    .option(...CONFIG_OPTION)
    .action((options: AddOptions) => runner(() => add(options)))
  group
    .command('list')
    .option('--json', 'one key a line')
    .option(...CONFIG_OPTION)
    .action((options: { config?: string; json?: boolean }) => runner(() => list(options)))
  group
    .command('revoke <id>')
    .option(...CONFIG_OPTION)
    .action((id: string, options: { config?: string }) => runner(() => revoke(id, options)))
}

async function add(options: AddOptions): Promise<number> {
  const { addKey, AuthError } = await import('../auth/index.ts')
  const { remoteKeys } = await import('../control.ts')
  const wanted = {
    team: options.team,
    user: options.user,
    region: options.region ?? null,
    scopes: (options.scope ?? ['chat']).flatMap((scope) => scope.split(',')),
  }
  const made = await addKey(remoteKeys(configFor(options)), wanted, { now: Date.now(), randomBytes }).catch(
    (error: unknown) => {
      throw error instanceof AuthError ? new CliError(error.message) : error
    },
  )
  const { id, key, team, user, region, scopes } = made
  if (options.json === true) await writeOut(`${JSON.stringify({ id, key, team, user, region, scopes })}\n`)
  else
    await writeOut(
      `${key}\n\nid ${id}, team ${team}, user ${user}, scopes ${scopes.join(' ')}\nThe key is shown only now; it is stored as a hash.\n`,
    )
  return 0
}

async function list(options: { config?: string; json?: boolean }): Promise<number> {
  const { listKeys } = await import('../auth/index.ts')
  const { remoteKeys } = await import('../control.ts')
  const known = await listKeys(remoteKeys(configFor(options)))
  if (options.json === true) await writeOut(known.map((key) => `${JSON.stringify(key)}\n`).join(''))
  else await writeOut(table(['id', 'team', 'user', 'region', 'scopes', 'created', 'revoked'], known.map(row)))
  return 0
}

function row(key: KeyListing): string[] {
  const day = (time: number | null): string =>
    time === null ? '-' : new Date(time).toISOString().slice(0, 16)
  return [
    key.id,
    key.team,
    key.user,
    key.region ?? '-',
    key.scopes.join(' '),
    day(key.created),
    day(key.revoked),
  ]
}

async function revoke(id: string, options: { config?: string }): Promise<number> {
  const { revokeKey } = await import('../auth/index.ts')
  const { remoteKeys } = await import('../control.ts')
  if (await revokeKey(remoteKeys(configFor(options)), id, Date.now())) return 0
  console.error('there is no such key, or it is revoked already')
  return 1
}
