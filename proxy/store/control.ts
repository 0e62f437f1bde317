/**
 * Commands to the process that has the data directory, over the lock's socket: with the embedded database there
 * is one opener, so `audit search` asks it while it runs. Whoever may enter the directory (mode 0700) may ask.
 *
 * The client sends one line of JSON, `{"command","args"}`; the server answers lines that start with `=`, then
 * `.` when that was all or `!code` when it failed. An answer without an end was cut off.
 */
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { connectTo } from './endpoint.ts'
import { StoreError } from './errors.ts'
import { type HeldLock, ownerSocket } from './lock.ts'

/** What can be asked for, by name: arguments as JSON, lines as the answer. Commands check their arguments. */
export type ControlCommands = Readonly<
  Record<string, (args: unknown, signal: AbortSignal) => AsyncIterable<string>>
>

const MAX_REQUEST_BYTES = 65_536

/** Answers commands on the lock's socket from now on. */
export function serveCommands(lock: HeldLock, commands: ControlCommands): void {
  lock.serve((socket) => {
    void answer(socket, commands).finally(() => socket.destroySoon())
  })
}

/**
 * Asks the process that has `dir`: the lines of its answer as they come, or null when nobody has it. The
 * iteration rejects with `StoreError`: `unavailable` when the command failed or the answer was cut off.
 */
export async function askOwner(
  dir: string,
  command: string,
  args: unknown,
): Promise<AsyncIterable<string> | null> {
  const path = await ownerSocket(dir)
  if (path === null) return null
  const socket = await connectTo(path).catch(() => {
    throw new StoreError('unavailable', 'the running proxy does not answer on its socket')
  })
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })
  // Without a listener of its own, an error between two reads would end the process.
  socket.on('error', () => lines.close())
  // Listening starts here: what comes before the caller iterates waits in the iterator.
  const answer = readAnswer(lines[Symbol.asyncIterator](), command, () => {
    lines.close()
    socket.destroy()
  })
  socket.write(`${JSON.stringify({ command, args })}\n`)
  return answer
}

async function* readAnswer(
  lines: AsyncIterableIterator<string>,
  command: string,
  close: () => void,
): AsyncGenerator<string> {
  try {
    for await (const line of lines) {
      if (line.startsWith('=')) yield line.slice(1)
      else if (line === '.') return
      else throw new StoreError('unavailable', `${command}: the running proxy answered ${line.slice(1, 41)}`)
    }
  } catch (error) {
    // A broken connection is an answer without its end, like one that just stops.
    if (error instanceof StoreError) throw error
  } finally {
    close()
  }
  throw new StoreError('unavailable', `${command}: the answer was cut off`)
}

async function answer(socket: Socket, commands: ControlCommands): Promise<void> {
  const abort = new AbortController()
  socket.once('close', () => abort.abort())
  try {
    const line = await readLine(socket)
    if (line === null) return
    await pipeline(Readable.from(respond(line, commands, abort.signal)), socket)
  } catch {
    // The peer went away, or sent no request: closing is the answer.
    socket.destroy()
  }
}

async function* respond(
  line: string,
  commands: ControlCommands,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const request = parseRequest(line)
  const command = request && Object.hasOwn(commands, request.command) ? commands[request.command] : undefined
  if (!request || !command) {
    yield '!unknown_command\n'
    return
  }
  try {
    for await (const text of command(request.args, signal)) yield `=${text}\n`
  } catch (error) {
    yield `!${failureCode(error)}\n`
    return
  }
  yield '.\n'
}

function failureCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Za-z_]{1,40}$/.test(code) ? code : 'failed'
}

function parseRequest(line: string): { readonly command: string; readonly args: unknown } | null {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null || !('command' in value)) return null
    if (typeof value.command !== 'string') return null
    return { command: value.command, args: 'args' in value ? value.args : undefined }
  } catch {
    // Not JSON: answered as an unknown command.
    return null
  }
}

/** The first line, without reading on; null when the peer closed, stalled past the limit or sent too much. */
function readLine(socket: Socket): Promise<string | null> {
  return new Promise((resolve) => {
    let text = ''
    const finish = (line: string | null) => {
      socket.off('data', read).off('end', gone).off('close', gone)
      socket.setTimeout(0)
      resolve(line)
    }
    const gone = () => finish(null)
    const read = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const end = text.indexOf('\n')
      if (end >= 0) finish(Buffer.from(text.slice(0, end), 'latin1').toString('utf8'))
      else if (text.length > MAX_REQUEST_BYTES) finish(null)
    }
    socket.on('data', read).once('end', gone).once('close', gone)
    socket.setTimeout(10_000, gone)
  })
}
