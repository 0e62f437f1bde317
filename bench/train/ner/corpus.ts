/** Labelled documents: reads the JSONL sets and says what each of them may teach. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NER_TYPES, type NerType } from '../../../detectors/ner/labels.ts'

/** A labelled stretch of a document, in UTF-16 units, half-open. `free`: its type is not known. */
export interface LabelledSpan {
  readonly start: number
  readonly end: number
  readonly type: NerType | 'free'
}

/** A document to train on. */
export interface LabelledDocument {
  readonly source: string
  readonly text: string
  readonly spans: readonly LabelledSpan[]
  /** The types its source labels: outside its spans, a token is of none of these. */
  readonly scope: readonly NerType[]
  /** How much an error on it counts; 1 is usual. */
  readonly weight: number
}

interface RawDocument {
  readonly text: string
  readonly scope?: readonly string[]
  readonly historic?: boolean
  readonly spans: readonly {
    readonly start: number
    readonly end: number
    readonly type: string
    readonly text: string
  }[]
}

interface SourceRule {
  readonly scope?: readonly NerType[]
  /** Types whose labels are not trusted: their spans become free. */
  readonly distrust?: readonly NerType[]
  readonly weight?: number
  /** Spans without any capital letter are descriptions, not names. */
  readonly namesOnly?: boolean
}

const NAMES: readonly NerType[] = ['PERSON', 'ORG', 'LOCATION']

/** What the sets' own notes say about their labels; relative weights chosen on `dev`. */
const RULES: Readonly<Record<string, SourceRule>> = {
  'sec-filings': { scope: ['ORG', 'LOCATION'], distrust: ['PERSON'] },
  btc: { scope: NAMES, weight: 2 },
  germeval14: { scope: NAMES, weight: 1.3 },
  wikigold: { scope: NAMES, weight: 1.3 },
  wnut17: { scope: NAMES, weight: 2 },
  'uner-en-ewt': { weight: 1.3 },
  re3d: { scope: ['PERSON', 'ORG', 'LOCATION', 'DATE_TIME', 'NRP'], weight: 0.7 },
  'presidio-genlarge': { scope: NER_TYPES.filter((type) => type !== 'NRP') },
  'lener-br': { weight: 0.5 },
  meddocan: { weight: 0.6 },
  sgd: { scope: ['PERSON', 'ADDRESS'], distrust: ['DATE_TIME', 'LOCATION', 'ORG'], weight: 0.3 },
  restaurants8k: { scope: ['PERSON'], distrust: ['DATE_TIME'], weight: 0.5 },
  xsid: { scope: ['LOCATION'], distrust: ['DATE_TIME', 'PERSON', 'ORG'], weight: 0.3 },
  ronec: { namesOnly: true },
  'ud-cs-cac': { scope: ['PERSON'], distrust: ['ORG', 'LOCATION'] },
}

const HISTORIC_WEIGHT = 0.25

/** Reads every `*.jsonl` of a folder whose name passes `wanted`, in name order. */
export function readCorpus(folder: string, wanted: (source: string) => boolean): LabelledDocument[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) => (wanted(sourceOf(file)) ? readSet(join(folder, file), sourceOf(file)) : []))
}

/** `xsid.de.train.jsonl` is `xsid.de`; `btc.train.jsonl` is `btc`. */
export function sourceOf(file: string): string {
  return file.replace(/\.(?:train|dev)\.jsonl$/u, '')
}

function readSet(path: string, source: string): LabelledDocument[] {
  const rule = RULES[source.split('.')[0] ?? source] ?? {}
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => toDocument(JSON.parse(line), source, rule))
}

function toDocument(raw: RawDocument, source: string, rule: SourceRule): LabelledDocument {
  const offsets = unitOffsets(raw.text)
  const spans = raw.spans.flatMap((span): LabelledSpan[] => {
    const type = NER_TYPES.find((known) => known === span.type)
    if (type === undefined) return []
    const isDescription = rule.namesOnly === true && !/\p{Lu}/u.test(span.text[0] ?? '')
    const isDistrusted = rule.distrust?.includes(type) === true || isDescription
    return [{ start: offsets(span.start), end: offsets(span.end), type: isDistrusted ? 'free' : type }]
  })
  const listed = raw.scope === undefined ? NER_TYPES : NER_TYPES.filter((type) => raw.scope?.includes(type))
  const weight = (rule.weight ?? 1) * (raw.historic === true ? HISTORIC_WEIGHT : 1)
  return { source, text: raw.text, spans, scope: rule.scope ?? listed, weight }
}

/** Maps code point offsets to UTF-16 offsets. */
export function unitOffsets(text: string): (codePoint: number) => number {
  if (!/[\ud800-\udfff]/.test(text)) return (codePoint) => codePoint
  const map: number[] = []
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) map.push(at)
  map.push(text.length)
  return (codePoint) => map[codePoint] ?? text.length
}
