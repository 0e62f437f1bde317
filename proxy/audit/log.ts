/** The audit log: checked, canonical, durable on disk before `append` resolves, then carried into the database. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { AuditEntry, AuditLog, AuditRow, AuditUrgency, DirectoryLock, RecordStore } from '../ports.ts'
import { DecisionIndex, type DecisionLookup } from './decision-index.ts'
import { Drain } from './drain.ts'
import { canonicalRecord, parseRecord, rowOf } from './entry.ts'
import { AuditError } from './errors.ts'
import { GroupCommit } from './group-commit.ts'
import { openSegmentFolder, parseSegmentName, readSegment, type SegmentFolder } from './segment.ts'
import { NODE_TIMERS, type Timers } from './timers.ts'

/** What the log works with. */
export interface AuditLogOptions {
  /** The lock on the data directory; segments are in its folder `audit/`. */
  readonly lock: DirectoryLock
  /** May still be opening: records wait in the write-ahead log. */
  readonly store: RecordStore
  /** For tests: another disk. */
  readonly folder?: SegmentFolder
  readonly timers?: Timers
  /** A segment is ended at this size; default 8 MiB. */
  readonly segmentBytes?: number
  /** Most text waiting for the database, in UTF-16 units; default 64 Mi. */
  readonly maxBacklog?: number
}

/** The log, and what was found in the folder when it was opened. */
export interface OpenedAuditLog extends AuditLog {
  readonly recovered: {
    /** Records of an earlier run that are carried into the database now. */
    readonly records: number
    /** Names of segments with unreadable lines; kept beside the others as `*.damaged`. */
    readonly damaged: readonly string[]
  }
  /**
   * Resolves once every record that was appended before can be searched. Rejects with `AuditError` `unavailable`
   * when the database refuses; the records are safe in the write-ahead log all the same.
   */
  flush(): Promise<void>
}

const SEGMENT_BYTES = 8 * 1024 * 1024
const MAX_BACKLOG = 64 * 1024 * 1024
const CLOSE_MS = 10_000

/**
 * Opens the log and reads back what an earlier run left. Rejects with `AuditError` `unavailable` when the folder
 * cannot be used, which is the time to say so: at start.
 */
export async function createAuditLog(options: AuditLogOptions): Promise<OpenedAuditLog> {
  const folder = options.folder ?? (await openFolder(join(options.lock.dir, 'audit')))
  const timers = options.timers ?? NODE_TIMERS
  const decisions = new DecisionIndex(options.store)
  const drain = new Drain({
    store: options.store,
    folder,
    timers,
    onStored: (rows) => decisions.stored(rows),
  })
  const { recovered, firstOrdinal } = await recover(folder, drain, decisions)
  const commit = new GroupCommit<AuditRow>({
    folder,
    timers,
    firstOrdinal,
    newWriter: () => randomBytes(16).toString('hex'),
    segmentBytes: options.segmentBytes ?? SEGMENT_BYTES,
    onDurable: (group) => {
      for (const { item } of group) decisions.add(item)
      drain.push(group)
    },
    onSealed: (segment) => drain.sealed(segment.name),
  })
  return assemble(options, { drain, commit, decisions, recovered })
}

interface Parts {
  readonly drain: Drain
  readonly commit: GroupCommit<AuditRow>
  readonly decisions: DecisionIndex
  readonly recovered: OpenedAuditLog['recovered']
}

function assemble(options: AuditLogOptions, parts: Parts): OpenedAuditLog {
  const { drain, commit, decisions, recovered } = parts
  const maxBacklog = options.maxBacklog ?? MAX_BACKLOG
  const waiting = new Waiting()
  let closing: Promise<void> | null = null
  const obstacle = (): string | null => {
    if (!options.lock.isHeld()) return 'the lock on the data directory was lost'
    if (commit.isDown) return 'the write-ahead log cannot be written'
    if (drain.isDown) return 'the database cannot be written'
    return drain.backlog > maxBacklog ? 'too many records wait for the database' : null
  }
  const settled = async () => {
    await waiting.settled()
    await commit.settled()
  }
  const close = async () => {
    // The write-ahead log has room for those that waited.
    drain.relieve()
    await waiting.settled()
    await commit.close()
    await drain.finish(CLOSE_MS)
  }
  return {
    recovered,
    append: (entry, urgency) => {
      if (closing) return Promise.reject(new AuditError('closed', 'the audit log is closed'))
      const why = obstacle()
      if (why !== null) return Promise.reject(new AuditError('unavailable', why))
      return drain.backlog > maxBacklog / 2
        ? waiting.add(appendLater(parts, entry, urgency))
        : appendTo(commit, entry, urgency)
    },
    status: () => (closing === null && obstacle() === null ? 'ok' : 'down'),
    flush: async () => {
      await settled()
      if (!(await drain.flush())) throw new AuditError('unavailable', 'the database cannot be written')
    },
    findDecision: async (requestId): Promise<DecisionLookup> => {
      await settled()
      return decisions.find(requestId)
    },
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

/** Appends that wait for the database: not in the log yet, and perhaps awaited by nobody. */
class Waiting {
  readonly #appends = new Set<Promise<void>>()

  add(append: Promise<void>): Promise<void> {
    this.#appends.add(append)
    const forget = (): void => void this.#appends.delete(append)
    append.then(forget, forget)
    return append
  }

  /** Resolves when those that wait now are on disk or refused. Never rejects. */
  async settled(): Promise<void> {
    if (this.#appends.size > 0) await Promise.allSettled(this.#appends)
  }
}

/** The only promise of a record is the one that its group settles. */
function appendTo(commit: GroupCommit<AuditRow>, entry: AuditEntry, urgency?: AuditUrgency): Promise<void> {
  try {
    const record = canonicalRecord(entry)
    // The position is given when the group is written; the drain puts it in.
    return commit.append(record, rowOf(entry, record, 0), urgency)
  } catch (error) {
    return Promise.reject(error)
  }
}

/** A database that is slower than the requests slows them down before it stops them. */
async function appendLater(parts: Parts, entry: AuditEntry, urgency?: AuditUrgency): Promise<void> {
  await parts.drain.relief()
  if (parts.drain.isDown) throw new AuditError('unavailable', 'the database cannot be written')
  await appendTo(parts.commit, entry, urgency)
}

async function openFolder(dir: string): Promise<SegmentFolder> {
  try {
    return await openSegmentFolder(dir)
  } catch (error) {
    throw unusable(error)
  }
}

interface Recovery {
  readonly recovered: OpenedAuditLog['recovered']
  readonly firstOrdinal: number
}

/** Hands every record of an earlier run to the drain, oldest first; the database knows which it has. */
async function recover(folder: SegmentFolder, drain: Drain, decisions: DecisionIndex): Promise<Recovery> {
  const damaged: string[] = []
  let records = 0
  let firstOrdinal = 1
  try {
    for (const name of await folder.list()) {
      const parsed = parseSegmentName(name)
      if (!parsed) continue
      const content = readSegment(await folder.read(name))
      for (const { position, record } of content.records) {
        const entry = parseRecord(record)
        if (!entry) continue
        const item = rowOf(entry, record, position)
        decisions.add(item)
        drain.push([{ writer: parsed.writer, position, item }])
        records += 1
      }
      if (content.isDamaged) damaged.push(name)
      drain.sealed(name, content.isDamaged)
      firstOrdinal = parsed.ordinal + 1
    }
  } catch (error) {
    throw unusable(error)
  }
  return { recovered: { records, damaged }, firstOrdinal }
}

function unusable(error: unknown): AuditError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error'
  return new AuditError('unavailable', `the folder of the write-ahead log cannot be used: ${code}`)
}
