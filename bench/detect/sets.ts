/** The labelled sets of a data folder. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unitOffsets } from '../train/ner/corpus.ts'
import type { GoldDocument } from './score.ts'

/** A labelled set: one file. */
export interface LabelledSet {
  readonly name: string
  readonly folder: string
  readonly languages: readonly string[]
  readonly documents: readonly GoldDocument[]
}

interface RawDocument {
  readonly lang?: string
  readonly text: string
  readonly scope?: readonly string[]
  readonly spans: readonly { readonly start: number; readonly end: number; readonly type: string }[]
}

/** The folders that are measured; what a model was trained on is not. */
const FOLDERS = ['dev', 'measure-only']

/**
 * Reads the sets of `data/dev` and `data/measure-only` whose file name begins with one of `wanted` (empty: all).
 * Offsets in the files are code points; here they are UTF-16 units.
 */
export function readSets(data: string, wanted: readonly string[]): LabelledSet[] {
  return FOLDERS.filter((folder) => existsSync(join(data, folder))).flatMap((folder) =>
    readdirSync(join(data, folder))
      .filter((file) => file.endsWith('.jsonl'))
      .filter((file) => wanted.length === 0 || wanted.some((name) => file.startsWith(name)))
      .sort()
      .map((file) => readSet(data, folder, file)),
  )
}

function readSet(data: string, folder: string, file: string): LabelledSet {
  const languages = new Set<string>()
  const documents = readFileSync(join(data, folder, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): GoldDocument => {
      const raw: RawDocument = JSON.parse(line)
      const offsets = unitOffsets(raw.text)
      languages.add(raw.lang ?? '')
      const spans = raw.spans.map((span) => ({
        start: offsets(span.start),
        end: offsets(span.end),
        type: span.type,
      }))
      return raw.scope === undefined ? { text: raw.text, spans } : { text: raw.text, spans, scope: raw.scope }
    })
  return {
    name: file.replace(/(?:\.dev)?\.jsonl$/u, ''),
    folder,
    languages: [...languages].sort(),
    documents,
  }
}
