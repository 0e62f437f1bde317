import type { RegisteredModel } from '../local/registry.ts'
import { table } from './audit.ts'
import { CONFIG_OPTION, type CommandModule, configFor, writeOut } from './command.ts'

interface ModelOptions {
  readonly config?: string
  readonly json?: boolean
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
function progress(): (done: number, total: number) => void {
  let next = Date.now() + 1000
  return (done, total) => {
    if (Date.now() < next || total === 0) return
    next = Date.now() + 1000
    console.error(`hashing: ${Math.floor((100 * done) / total)} %`)
  }
}
