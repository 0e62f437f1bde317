/** Invented identities to plant in requests, and a search for them in any encoding. */
import { Buffer } from 'node:buffer'

/** Values that must never leave. All invented: reserved domains, 555 numbers, test cards, documentation addresses. */
export const PLANTED = {
  person: 'Maria Schneider',
  email: 'maria.schneider@example.com',
  phone: '+1 212 555 0142',
  card: '4111 1111 1111 1111',
  iban: 'DE89 3704 0044 0532 0130 00',
  ip: '203.0.113.77',
} as const

/** A message that holds all of them. */
export const PLANTED_TEXT = [
  `Hello, my name is ${PLANTED.person}, you can reach me at ${PLANTED.email} or ${PLANTED.phone}.`,
  `I paid with card ${PLANTED.card}; please refund to ${PLANTED.iban}.`,
  `My computer has the address ${PLANTED.ip}.`,
].join('\n')

/** Finds values in bytes, as they are or encoded; each hit is named `value/form`. */
export type PlantedSearch = (bytes: Uint8Array) => string[]

interface Needle {
  readonly name: string
  /** Lower-case. */
  readonly bytes: Buffer
}

const PREFIX = 3

/** A search for all `values` at once: one pass over the bytes, however many values there are. */
export function plantedSearch(values: readonly string[]): PlantedSearch {
  const needles = values.flatMap((value) =>
    formsOf(value).map(({ form, needle }) => ({
      name: `${value}/${form}`,
      bytes: Buffer.from(needle.toLowerCase()),
    })),
  )
  const raw = index(needles.filter(({ name }) => !name.endsWith('/bare')))
  const bare = index(needles.filter(({ name }) => name.endsWith('/bare')))
  return (bytes) => {
    const text = Buffer.from(bytes).toString('latin1').toLowerCase()
    return [
      ...scan(Buffer.from(text, 'latin1'), raw),
      ...scan(Buffer.from(text.replace(/[^a-z0-9\x80-\xff]/g, ''), 'latin1'), bare),
    ]
  }
}

/** The values of `PLANTED`, or those given, in some bytes. */
export function findPlanted(bytes: Uint8Array, values: readonly string[] = Object.values(PLANTED)): string[] {
  return plantedSearch(values)(bytes)
}

function index(needles: readonly Needle[]): Map<number, Needle[]> {
  const table = new Map<number, Needle[]>()
  for (const needle of needles) {
    const key = needle.bytes.readUIntBE(0, PREFIX)
    table.set(key, [...(table.get(key) ?? []), needle])
  }
  return table
}

function scan(bytes: Buffer, table: ReadonlyMap<number, readonly Needle[]>): string[] {
  const hits = new Set<string>()
  let key = 0
  for (let at = 0; at < bytes.length; at++) {
    key = ((key << 8) | (bytes[at] ?? 0)) & 0xffffff
    for (const needle of (at >= PREFIX - 1 ? table.get(key) : undefined) ?? []) {
      const start = at - PREFIX + 1
      if (bytes.subarray(start, start + needle.bytes.length).equals(needle.bytes)) hits.add(needle.name)
    }
  }
  return [...hits]
}

function formsOf(value: string): { form: string; needle: string }[] {
  const bytes = Buffer.from(value)
  const escaped = [...value].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  const aligned = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
    // Characters that also depend on what stands before and after the value are left out.
    return {
      form: `base64+${shift}`,
      needle: whole.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6)),
    }
  })
  return [
    { form: 'case', needle: value.toLowerCase() },
    { form: 'bare', needle: value.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '') },
    { form: 'hex', needle: bytes.toString('hex') },
    { form: 'percent', needle: encodeURIComponent(value) },
    { form: 'escaped', needle: escaped },
    ...aligned,
  ]
}
