/** Reads what a Presidio-compatible server answers: a list of entities with offsets in code points. */
import { z } from 'zod'
import type { Finding } from '../../detectors/index.ts'
import { entityOf } from './entity-labels.ts'

const MAX_ENTITIES = 20_000

const answerSchema = z
  .array(
    z.object({
      entity_type: z.string().min(1).max(128),
      start: z.int().min(0),
      end: z.int().min(1),
      score: z.number().min(0).max(1).default(1),
    }),
  )
  .max(MAX_ENTITIES)

/** The findings of an answer about `text`, spans in UTF-16 units; null when it is no answer about this text. */
export function readAnswer(body: string, text: string): readonly Finding[] | null {
  const answer = answerSchema.safeParse(parsed(body))
  if (!answer.success) return null
  const { unit, length } = codePoints(text)
  const findings: Finding[] = []
  for (const { entity_type: label, start, end, score } of answer.data) {
    if (end <= start || end > length) return null
    const entity = entityOf(label)
    if (entity !== null)
      findings.push({ entity, span: { start: unit(start), end: unit(end) }, score, recogniser: 'http' })
  }
  return findings
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

/** Where each code point of a text begins in UTF-16 units, and how many there are. */
function codePoints(text: string): { unit(point: number): number; readonly length: number } {
  if (!/[\ud800-\udfff]/.test(text)) return { unit: (point) => point, length: text.length }
  const starts: number[] = []
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) starts.push(at)
  return { unit: (point) => starts[point] ?? text.length, length: starts.length }
}
