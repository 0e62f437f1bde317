import { CONFIG_OPTION, type CommandModule, writeOut } from './command.ts'

/** `doctor`: checks everything a first request would meet, and starts nothing. */
export const doctor: CommandModule = (program, runner) => {
  program
    .command('doctor')
    .description('check configuration, rules, database, model file and cloud reachability; starts nothing')
    .option('--json', 'one finding a line')
    .option(...CONFIG_OPTION)
    .action((options: { config?: string; json?: boolean }) =>
      runner(async () => {
        const { examine } = await import('../doctor.ts')
        let failed = 0
        for await (const finding of examine(options.config)) {
          if (finding.state === 'wrong') failed++
          await writeOut(
            options.json === true
              ? `${JSON.stringify(finding)}\n`
              : `${finding.state.padEnd(6)} ${finding.part.padEnd(14)} ${finding.message}\n`,
          )
        }
        return failed === 0 ? 0 : 1
      }),
    )
}
