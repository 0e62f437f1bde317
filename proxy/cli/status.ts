import { CliError, CONFIG_OPTION, type CommandModule, configFor, writeOut } from './command.ts'

/** `status`: what a running proxy is doing, asked over the socket in its data directory. */
export const status: CommandModule = (program, runner) => {
  program
    .command('status')
    .description('what a running proxy is doing')
    .option('--json', 'as JSON')
    .option(...CONFIG_OPTION)
    .action((options: { config?: string; json?: boolean }) =>
      runner(async () => {
        const config = configFor(options)
        const { askOwner } = await import('../store/index.ts')
        const answer = await askOwner(config.data_dir, 'status', {})
        if (answer === null)
          throw new CliError(`no proxy is running on ${config.data_dir}: start one with cloakroom serve`)
        for await (const line of answer)
          await writeOut(options.json === true ? `${line}\n` : render(JSON.parse(line)))
        return 0
      }),
    )
}

function render(value: object): string {
  return Object.entries(value)
    .flatMap(([name, content]) =>
      typeof content === 'object' && content !== null
        ? Object.entries(content).map(([part, state]) => `  ${part.padEnd(22)}${String(state)}`)
        : [`${name.padEnd(24)}${String(content)}`],
    )
    .map((line) => `${line}\n`)
    .join('')
}
