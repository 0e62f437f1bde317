import { CONFIG_OPTION, type CommandModule, configFor } from './command.ts'

/** `serve`: runs the proxy until it is told to stop. */
export const serve: CommandModule = (program, runner) => {
  program
    .command('serve')
    .description('run the proxy (what npm start runs)')
    .option(...CONFIG_OPTION)
    .option('--log-level <level>', 'debug, info, warn or error', 'warn')
    .action((options: { config?: string; logLevel: string }) =>
      runner(async () => {
        const config = configFor(options)
        const { startCloakroom } = await import('../main.ts')
        const { startScreen } = await import('./start-screen.ts')
        const running = await startCloakroom(config, { logLevel: options.logLevel })
        console.log(startScreen(config, running))
        await stopSignal()
        console.error('stopping: finishing the requests in progress (press again to stop at once)')
        process.once('SIGINT', () => process.exit(130))
        await running.close()
        return 0
      }),
    )
}

/** Resolves when the process is asked to stop. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}
