/** What every command file exports, and what they share. */
import type { Command } from 'commander'
import { environment } from '../config/environment.ts'
import { type Config, loadConfig } from '../config/load.ts'

/** Runs a command's work and keeps its exit code. */
export type Runner = (run: () => Promise<number>) => Promise<void>

/** Adds one command to the program. */
export type CommandModule = (program: Command, runner: Runner) => void

/** A failure with a message made for people: what was expected and what to do. */
export class CliError extends Error {
  override readonly name = 'CliError'
}

/** The option every command that reads the configuration has. */
export const CONFIG_OPTION = [
  '--config <file>',
  'the configuration file (default: CLOAKROOM_CONFIG, else the environment)',
] as const

/** The configuration for a command. Throws ConfigError with every problem. */
export function configFor(options: { readonly config?: string | undefined }): Config {
  return loadConfig(options.config, environment(), process.cwd())
}

/** Writes to stdout and waits while the reader is slow. A reader that went away ends the command quietly. */
export async function writeOut(text: string): Promise<void> {
  if (process.stdout.write(text)) return
  await new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()))
}
