import { basename, join } from 'node:path'
import { environment } from '../config/environment.ts'
import type { RegisteredModel } from '../local/registry.ts'
import { table } from './audit.ts'
import { CliError, CONFIG_OPTION, type CommandModule, configFor, writeOut } from './command.ts'

interface ModelOptions {
  readonly config?: string
  readonly json?: boolean
}

interface DownloadCommandOptions extends ModelOptions {
  readonly sha256?: string
  readonly minutes: string
}

/** `models`: the registry of local model files with their SHA-256. */
export const models: CommandModule = (program, runner) => {
  const group = program.command('models').description('the registry of local model files')
  group
    .command('add <file>')
    .description('check a GGUF file and remember its SHA-256')
    .option('--json', 'print the entry as JSON')
    .option(...CONFIG_OPTION)
    .action((file: string, options: ModelOptions) =>
      runner(async () => {
        const { addModel } = await import('../local/registry.ts')
        const model = await addModel(configFor(options).data_dir, file, {
          now: Date.now,
          onProgress: progress(),
        })
        await writeOut(options.json === true ? `${JSON.stringify(model)}\n` : render([model]))
        return 0
      }),
    )
  group
    .command('download <reference>')
    .description(
      'fetch hf:OWNER/REPOSITORY/FILE.gguf (HF_ENDPOINT: a mirror), go on where it stopped, check and add it',
    )
    .option('--sha256 <hex>', 'the SHA-256 it must have; otherwise the one that the hub states')
    .option('--minutes <n>', 'longest time in all', '240')
    .option('--json', 'print the entry as JSON')
    .option(...CONFIG_OPTION)
    .action((reference: string, options: DownloadCommandOptions) =>
      runner(() => download(reference, options)),
    )
  group
    .command('list')
    .description('the registered files')
    .option('--json', 'one entry a line')
    .option(...CONFIG_OPTION)
    .action((options: ModelOptions) =>
      runner(async () => {
        const { listModels } = await import('../local/registry.ts')
        const known = await listModels(configFor(options).data_dir)
        await writeOut(
          options.json === true ? known.map((model) => `${JSON.stringify(model)}\n`).join('') : render(known),
        )
        return 0
      }),
    )
  group
    .command('verify')
    .description('hash every registered file again; exit 1 when one is not what it was')
    .option('--json', 'one verdict a line')
    .option(...CONFIG_OPTION)
    .action((options: ModelOptions) =>
      runner(async () => {
        const { verifyModels } = await import('../local/registry.ts')
        let wrong = 0
        for await (const { model, state } of verifyModels(configFor(options).data_dir)) {
          if (state !== 'ok') wrong++
          await writeOut(
            options.json === true
              ? `${JSON.stringify({ name: model.name, path: model.path, state })}\n`
              : `${state.padEnd(11)}${model.path}\n`,
          )
        }
        return wrong === 0 ? 0 : 1
      }),
    )
}

const STALL_MS = 60_000
const DEFAULT_HUB = 'https://huggingface.co'

/** Fetches a file into the data directory and registers it. */
async function download(reference: string, options: DownloadCommandOptions): Promise<number> {
  const { downloadModel, parseHubFile } = await import('../local/download.ts')
  const { addModel } = await import('../local/registry.ts')
  const file = parseHubFile(reference)
  if (file === null) throw new CliError('expected hf:OWNER/REPOSITORY/FILE.gguf, with @REVISION where wanted')
  if (options.sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(options.sha256)) {
    throw new CliError('--sha256 takes 64 hexadecimal digits')
  }
  const minutes = Number(options.minutes)
  if (!(minutes > 0)) throw new CliError('--minutes takes a number above 0')
  const endpoint = environment().HF_ENDPOINT ?? DEFAULT_HUB
  if (!URL.canParse(endpoint) || !/^https?:/.test(endpoint)) {
    throw new CliError('HF_ENDPOINT is not an http or https address')
  }
  const { data_dir } = configFor(options)
  const target = await downloadModel(file, {
    endpoint,
    target: join(data_dir, 'models', basename(file.path)),
    sha256: options.sha256 ?? null,
    stallMs: STALL_MS,
    signal: AbortSignal.timeout(minutes * 60_000),
    onProgress: progress('fetching and checking'),
  })
  const model = await addModel(data_dir, target, { now: Date.now, onProgress: progress() })
  await writeOut(options.json === true ? `${JSON.stringify(model)}\n` : render([model]))
  return 0
}

function render(known: readonly RegisteredModel[]): string {
  const rows = known.map((model) => [
    model.name,
    model.architecture,
    model.quantisation ?? '-',
    `${(model.bytes / 1e6).toFixed(1)} MB`,
    model.context_tokens === null ? '-' : String(model.context_tokens),
    model.licence ?? 'not stated',
    model.sha256,
    model.path,
  ])
  return table(['name', 'architecture', 'quantisation', 'size', 'context', 'licence', 'sha256', 'file'], rows)
}

/** Percent on stderr, at most once a second, for files that take longer. */
function progress(doing = 'hashing'): (done: number, total: number) => void {
  let next = Date.now() + 1000
  return (done, total) => {
    if (Date.now() < next || total === 0) return
    next = Date.now() + 1000
    console.error(`${doing}: ${Math.floor((100 * done) / total)} %`)
  }
}
