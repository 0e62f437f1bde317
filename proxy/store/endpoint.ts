/** The Unix socket in the lock folder: what shows that an owner lives, and where a command can ask it. */
import { chmod, open, readFile } from 'node:fs/promises'
import { createServer, connect as dial, type Server, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** A socket that is being listened on. */
export interface Endpoint {
  /** File name in the lock folder. */
  readonly name: string
  /** Stops listening, ends open connections, removes the file. */
  close(): Promise<void>
}

/** `sun_path` holds 104 bytes with its end on macOS, 108 on Linux. */
const LONGEST_PATH = 103

/** The running kernel: the same in two containers of a machine, different after a restart. Else the host's name. */
export async function machineId(): Promise<string> {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
  } catch {
    // Not Linux.
    return hostname()
  }
}

/**
 * Listens on `folder/name`, mode 0600, without keeping the process alive. Null where the file system or the
 * platform has no sockets; the lock then goes by the beat alone.
 */
export async function listen(
  folder: string,
  name: string,
  onConnection: (socket: Socket) => void,
): Promise<Endpoint | null> {
  const short = await shorten(join(folder, name))
  if (!short) return null
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    // A peer that goes away is no error of ours.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    onConnection(socket)
  })
  try {
    await bind(server, short.path)
    await chmod(join(folder, name), 0o600)
  } catch {
    // EACCES, ENOTSUP, EINVAL …: folders shared from another system often have no sockets.
    server.close()
    await short.done()
    return null
  }
  server.unref()
  return {
    name,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await short.done()
    },
  }
}

/**
 * Whether somebody listens: `yes`; `no` when the socket is a dead process's; `gone` when there is no socket.
 * A process too busy to accept still counts as listening: its kernel queues the connection or says EAGAIN.
 */
export async function isListening(path: string): Promise<'yes' | 'no' | 'gone'> {
  try {
    const socket = await connectTo(path)
    socket.destroy()
    return 'yes'
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ECONNREFUSED') return 'no'
    return code === 'ENOENT' || code === 'ENAMETOOLONG' ? 'gone' : 'yes'
  }
}

/** Connects to a socket file whose path may be longer than the system allows. Rejects with Node's error. */
export async function connectTo(path: string): Promise<Socket> {
  const short = await shorten(path)
  if (!short) throw Object.assign(new Error('socket path too long'), { code: 'ENAMETOOLONG' })
  try {
    return await new Promise<Socket>((resolve, reject) => {
      const socket = dial(short.path)
      socket.once('connect', () => resolve(socket))
      socket.once('error', reject)
    })
  } finally {
    await short.done()
  }
}

function bind(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path, exclusive: true, backlog: 511 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** A path short enough to bind: on Linux a long one can be reached through an open directory. */
async function shorten(path: string): Promise<{ readonly path: string; done(): Promise<void> } | null> {
  if (Buffer.byteLength(path) <= LONGEST_PATH) return { path, done: async () => undefined }
  if (process.platform !== 'linux') return null
  const folder = await open(dirname(path), 'r')
  return { path: `/proc/self/fd/${folder.fd}/${basename(path)}`, done: () => folder.close() }
}
