/**
 * Files of the write-ahead log. A segment is named `<ordinal>-<writer>.wal`; its writer is random, so a place
 * (writer, position) names one record for ever, even if an old copy of the folder is put back. A line is
 * `check position record`, where the check is over the other two: a torn or damaged line is recognised.
 */
import crypto from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** A record and its place in its segment. */
export interface Framed {
  readonly position: number
  readonly record: string
}

/** What a segment holds. `isDamaged`: a line in the middle cannot be read, which no crash explains. */
export interface SegmentContent {
  readonly records: readonly Framed[]
  readonly isDamaged: boolean
}

/** A segment that is being written. Every method rejects with Node's error. */
export interface SegmentFile {
  /** Writes all bytes at the end. */
  append(bytes: Uint8Array): Promise<void>
  /** Resolves when what was written would survive a power cut. */
  sync(): Promise<void>
  truncate(bytes: number): Promise<void>
  close(): Promise<void>
}

/** The folder of segments; tests put a failing disk in its place. */
export interface SegmentFolder {
  /** Names of segments, oldest first. */
  list(): Promise<readonly string[]>
  read(name: string): Promise<Buffer>
  /** Makes an empty segment whose name would survive a power cut. */
  create(name: string): Promise<SegmentFile>
  remove(name: string): Promise<void>
  /** Keeps a damaged segment for people to look at, out of the way of the next start. */
  setAside(name: string): Promise<void>
}

const SEGMENT_NAME = /^([0-9]{12})-([0-9a-f]{32})\.wal$/
const NEWLINE = 0x0a
const SPACE = 0x20
const CHECK_LENGTH = 16
/** Check, position, two spaces and a line break. */
const LINE_OVERHEAD = CHECK_LENGTH + 16 + 3
/** Most bytes of one UTF-16 unit. */
const MAX_UTF8 = 3

/** The name of a segment. */
export function segmentName(ordinal: number, writer: string): string {
  return `${String(ordinal).padStart(12, '0')}-${writer}.wal`
}

/** Ordinal and writer of a segment's name; null for any other file. */
export function parseSegmentName(name: string): { readonly ordinal: number; readonly writer: string } | null {
  const match = SEGMENT_NAME.exec(name)
  return match?.[1] && match[2] ? { ordinal: Number(match[1]), writer: match[2] } : null
}

/**
 * The lines of records at the places from `first` on. No record has a line break: canonical JSON never does.
 * Texts are written where their bytes belong and hashed there: a record is gone through once.
 */
export function frame(first: number, records: readonly string[]): Buffer {
  let room = 0
  for (const record of records) room += LINE_OVERHEAD + record.length * MAX_UTF8
  const bytes = Buffer.allocUnsafe(room)
  let end = 0
  for (const [i, record] of records.entries()) {
    const checked = end + CHECK_LENGTH + 1
    let at = checked + bytes.write(`${first + i} `, checked, 'latin1')
    at += bytes.write(record, at, 'utf8')
    bytes.write(check(bytes.subarray(checked, at)), end, 'latin1')
    bytes[checked - 1] = SPACE
    bytes[at] = NEWLINE
    end = at + 1
  }
  return bytes.subarray(0, end)
}

/** Everything readable in a segment, in order. A broken last line is a torn write; blank lines are nothing. */
export function readSegment(bytes: Buffer): SegmentContent {
  const records: Framed[] = []
  let isDamaged = false
  let unreadable = false
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline < 0 ? bytes.length : newline
    const framed = newline < 0 ? null : unframe(bytes.subarray(start, end))
    if (framed) {
      records.push(framed)
      isDamaged ||= unreadable
    } else if (bytes.toString('latin1', start, end).trim() !== '') {
      unreadable = true
    }
    start = end + 1
  }
  return { records, isDamaged }
}

function unframe(line: Buffer): Framed | null {
  const checked = line.subarray(CHECK_LENGTH + 1)
  const afterPosition = checked.indexOf(SPACE)
  const position = Number(checked.toString('latin1', 0, Math.max(0, afterPosition)))
  if (line[CHECK_LENGTH] !== SPACE || afterPosition < 1 || !Number.isSafeInteger(position)) return null
  if (check(checked) !== line.toString('latin1', 0, CHECK_LENGTH)) return null
  return { position, record: checked.toString('utf8', afterPosition + 1) }
}

function check(bytes: Buffer): string {
  return sha256Hex(bytes).slice(0, CHECK_LENGTH)
}

/** One call instead of four objects, where Node has it (20.12). */
const sha256Hex: (bytes: Buffer) => string =
  typeof crypto.hash === 'function'
    ? (bytes) => crypto.hash('sha256', bytes, 'hex')
    : (bytes) => crypto.createHash('sha256').update(bytes).digest('hex')

/** The real folder: made when missing, mode 0700, files 0600. */
export async function openSegmentFolder(dir: string): Promise<SegmentFolder> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  return {
    list: async () => (await readdir(dir)).filter((name) => parseSegmentName(name)).sort(),
    read: (name) => readFile(join(dir, name)),
    create: async (name) => {
      const file = await createFile(join(dir, name))
      await syncFolder(dir)
      return file
    },
    remove: (name) => rm(join(dir, name), { force: true }),
    setAside: (name) => rename(join(dir, name), join(dir, `${name}.damaged`)),
  }
}

/** Where the system has it, a write returns once it would survive a power cut: one call in place of two. */
const { O_CREAT, O_EXCL, O_WRONLY, O_DSYNC } = constants
const isDurable = typeof O_DSYNC === 'number'

async function createFile(path: string): Promise<SegmentFile> {
  const handle = await open(path, O_CREAT | O_EXCL | O_WRONLY | (isDurable ? O_DSYNC : 0), 0o600)
  let size = 0
  return {
    append: async (bytes) => {
      for (let written = 0; written < bytes.length; ) {
        const step = await handle.write(bytes, written, bytes.length - written, size + written)
        written += step.bytesWritten
      }
      size += bytes.length
    },
    sync: () => (isDurable ? Promise.resolve() : handle.datasync()),
    truncate: async (length) => {
      await handle.truncate(length)
      size = length
    },
    close: () => handle.close(),
  }
}

async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
