/** JSON Lines from stdin, answered one by one. */
import { writeOut } from './command.ts'

/** One line of input. */
export interface LineRecord {
  readonly id: string | number
  readonly text: string
  readonly lang?: string
  readonly answer?: string
}

const MAX_LINE_BYTES = 64 * 1024 * 1024
const NEWLINE = 0x0a

/** The lines of a stream of bytes; a line ends at LF (a CR before it is dropped). Null for one longer than 64 MiB. */
async function* splitLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer | null> {
  let parts: Buffer[] = []
  let size = 0
  for await (const chunk of bytes) {
    let from = 0
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      const piece = chunk.subarray(from, at)
      yield size + piece.length > MAX_LINE_BYTES ? null : Buffer.concat([...parts, piece])
      parts = []
      size = 0
      from = at + 1
    }
    size += chunk.length - from
    if (size <= MAX_LINE_BYTES) parts.push(chunk.subarray(from))
    else parts = []
  }
  if (size > 0) yield size > MAX_LINE_BYTES ? null : Buffer.concat(parts)
}

/**
 * Answers each line of `input` with one line on stdout, in order, as it comes. A bad line is an error on
 * stderr naming its number, and an exit code of 1 at the end; the lines after it are answered.
 */
export async function eachLine(
  input: AsyncIterable<Buffer>,
  answer: (record: LineRecord) => Promise<object> | object,
): Promise<number> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let number = 0
  let bad = 0
  for await (const bytes of splitLines(input)) {
    number++
    const record = bytes === null ? 'longer than 64 MiB' : parseLine(bytes, decoder)
    if (record === null) continue
    if (typeof record === 'string') {
      bad++
      console.error(`line ${number}: ${record}`)
      continue
    }
    await writeOut(`${JSON.stringify(await answer(record))}\n`)
  }
  return bad === 0 ? 0 : 1
}

/** The record of a line, what is wrong with it, or null for an empty line. */
function parseLine(bytes: Buffer, decoder: InstanceType<typeof TextDecoder>): LineRecord | string | null {
  let line: string
  try {
    line = decoder.decode(bytes).trim()
  } catch {
    return 'not UTF-8'
  }
  if (line === '') return null
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'not JSON'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'expected an object with "id" and "text"'
  if (!('id' in value) || (typeof value.id !== 'string' && typeof value.id !== 'number'))
    return '"id" must be text or a number'
  if (!('text' in value) || typeof value.text !== 'string') return '"text" must be text'
  const lang = 'lang' in value && typeof value.lang === 'string' ? { lang: value.lang } : {}
  const answer = 'answer' in value && typeof value.answer === 'string' ? { answer: value.answer } : {}
  return { id: value.id, text: value.text, ...lang, ...answer }
}
