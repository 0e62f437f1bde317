#!/usr/bin/env node
/**
 * The command line. Each command lives in `cli/<name>.ts` and is loaded when it is called, so that a small
 * command does not pay for the server. Exit codes: 0 fine, 1 the thing asked about is wrong, 2 usage or input.
 */
import { Command, CommanderError } from 'commander'
import { COMMANDS } from './cli/index.ts'
import { errorShape } from './log.ts'
import { version } from './version.ts'

/** Runs the command line. Resolves to the exit code. `arguments_` are those after the program's name. */
export async function main(arguments_: readonly string[]): Promise<number> {
  let exitCode = 0
  const program = new Command('cloakroom')
    .description(
      'Answers LLM requests locally, or sanitises them on the way to a cloud and restores the answer.',
    )
    .version(version())
    .exitOverride()
    .showHelpAfterError('(add --help for what this command takes)')
  for (const register of COMMANDS) {
    register(program, async (run) => {
      exitCode = await run()
    })
  }
  try {
    await program.parseAsync(['node', 'cloakroom', ...arguments_])
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    return reportFailure(error)
  }
  return exitCode
}

/** Errors of ours have messages made for people; of anything else only the class is shown. */
function reportFailure(error: unknown): number {
  if (error instanceof Error && /^(Config|Keyring|Store|Audit|LocalModel|Cli)Error$/.test(error.name)) {
    console.error(error.message)
    return 2
  }
  console.error(`cloakroom failed: ${JSON.stringify(errorShape(error))}`)
  return 1
}

process.exitCode = await main(process.argv.slice(2))
