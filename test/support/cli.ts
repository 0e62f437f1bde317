/** Runs the command line as a user would, in a process of its own. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** What a run printed and how it ended. */
export interface CliRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `cloakroom ARGUMENTS` with `input` on stdin and nothing of this process's environment but PATH. */
export function runCli(
  args: readonly string[],
  options: {
    readonly input?: string | Uint8Array
    readonly env?: Readonly<Record<string, string>>
    readonly cwd?: string
  } = {},
): Promise<CliRun> {
  const root = join(import.meta.dirname, '../..')
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), join(root, 'proxy/cli.ts'), ...args],
    {
      cwd: options.cwd ?? root,
      env: { PATH: process.env.PATH ?? '', ...options.env },
    },
  )
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  child.stdin.on('error', () => child.stdin.destroy())
  child.stdin.end(options.input ?? '')
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...output }))
  })
}
