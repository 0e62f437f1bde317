/** Audit rows on their way into the database, column by column. */
import { sql } from 'drizzle-orm'
import type { AuditRow } from '../ports.ts'
import { auditHead, auditRecords, auditWriters } from './schema.ts'

/**
 * One text for each column, its rows one line each; the order is that of `COLUMNS`. What a text costs to hand to
 * another thread, to send and to take apart in the database is a third of what a list costs.
 */
export type RecordColumns = readonly string[]

const COLUMNS: readonly ((row: AuditRow) => string)[] = [
  (row) => `${row.position}`,
  (row) => oneLine(row.request_id),
  (row) => oneLine(row.kind),
  (row) => `${row.time}`,
  (row) => oneLine(row.user ?? ''),
  (row) => oneLine(row.team ?? ''),
  (row) => oneLine(row.action),
  (row) => oneLine(row.destination ?? ''),
  (row) => oneLine(row.entities.join()),
  // Canonical JSON has neither.
  (row) => row.record,
]

/**
 * Without line breaks, and without NUL, which PostgreSQL refuses. No record that was written has them; one that
 * somebody put into the write-ahead log must not keep the others out of the database.
 */
function oneLine(value: string): string {
  return UNFIT.test(value) ? String(value).replaceAll(UNFIT_ALL, ' ') : value
}

const UNFIT = /[\n\0]/
const UNFIT_ALL = /[\n\0]/g

/** The columns of some rows. */
export function columnsOf(rows: readonly AuditRow[]): RecordColumns {
  return COLUMNS.map((column) => rows.map(column).join('\n'))
}

/**
 * Adds those rows that the writer has not stored yet behind the last leaf, and moves the head and the writer on. Rows
 * are stored whole or not at all: a value with a line break would leave a row without a record, which is refused.
 */
export function insertStatement(writer: string, columns: RecordColumns) {
  const lines = columns.map((text) => sql`string_to_array(${text}::text, E'\n', '')`)
  const [position, requestId, kind, time, user, team, action, destination, entities, record] = lines
  return sql`with
    batch as (
      select * from unnest(
        ${position}::bigint[], ${requestId}, ${kind}, ${time}::bigint[], ${user}, ${team}, ${action}, ${destination},
        ${entities}, ${record}
      ) as line(position, request_id, kind, time, user_name, team, action, destination, entities, record)
      where position >= coalesce((select next_position from ${auditWriters} where writer = ${writer}), 0)
    ),
    added as (
      update ${auditHead} set size = size + (select count(*) from batch)
      where exists (select from batch)
      returning size - (select count(*) from batch) as first
    ),
    moved as (
      insert into ${auditWriters} (writer, next_position)
      select ${writer}::text, max(position) + 1 from batch having count(*) > 0
      on conflict (writer) do update set next_position = excluded.next_position
    )
    insert into ${auditRecords}
      (seq, request_id, kind, time, user_name, team, action, destination, entities, record)
    select added.first + row_number() over (order by position) - 1, request_id, kind, time, user_name, team, action,
      destination, coalesce(string_to_array(entities, ','), '{}'), record
    from batch, added`
}
