/** The three layers over single texts, for the command line and tools. */
import { createDetectors, detectContextual, type Finding, type Layer } from '../detectors/index.ts'
import type { Config } from './config/load.ts'
import { createLocalModel } from './local/index.ts'

/** A finding as `cloakroom detect` writes it: offsets in UTF-16 code units, half-open. */
export interface DetectedSpan {
  readonly start: number
  readonly end: number
  readonly type: string
  readonly subtype?: string
  readonly score: number
  readonly recogniser: string
}

/** Detects in texts; `close` gives the local model back. */
export interface TextDetector {
  /** Disjoint spans in order. Rejects with `DetectionError` when a wanted layer failed: silence would look like safety. */
  detect(text: string, language?: string): Promise<readonly DetectedSpan[]>
  close(): Promise<void>
}

/** A layer that was asked for could not run. */
export class DetectionError extends Error {
  override readonly name = 'CliError'
}

/** `layers` absent: those the configuration switches on. */
export async function createTextDetector(config: Config, layers?: readonly Layer[]): Promise<TextDetector> {
  const { ner, contextual, allow, deny, languages } = config.detectors
  const wanted = new Set<Layer>(
    layers ?? [
      'pattern',
      ...(ner ? (['ner'] as const) : []),
      ...(config.local.engine !== 'none' && contextual !== 'off' ? (['contextual'] as const) : []),
    ],
  )
  const detectors = createDetectors({
    ner: wanted.has('ner'),
    languages: languages.filter((language) => language !== 'auto'),
    allow,
    deny,
  })
  const local = wanted.has('contextual') ? await createLocalModel(config.local) : null
  if (wanted.has('contextual') && local === null) {
    throw new DetectionError(
      'the contextual layer needs a local model: set CLOAKROOM_LOCAL_BASE_URL or CLOAKROOM_MODEL_PATH',
    )
  }
  const direct = (['pattern', 'ner'] as const).filter((layer) => wanted.has(layer))
  return {
    async detect(text) {
      const { findings, status } = detectors.detect(text, direct)
      if (direct.some((layer) => status[layer] === 'down')) throw new DetectionError('a recogniser failed')
      if (local === null) return findings.map(asSpan)
      const signal = AbortSignal.timeout(config.detectors.contextual_timeout_ms)
      const more = await detectContextual([text], {
        ask: (request, stop) => local.ask(request, stop),
        signal,
      })
      if (more.status !== 'ok') throw new DetectionError('the contextual layer did not answer')
      const added = (more.findings[0] ?? []).filter((one) => !findings.some((known) => overlaps(known, one)))
      return [...findings, ...added].sort((a, b) => a.span.start - b.span.start).map(asSpan)
    },
    close: async () => local?.close(),
  }
}

function overlaps(a: Finding, b: Finding): boolean {
  return a.span.start < b.span.end && b.span.start < a.span.end
}

function asSpan({ span, entity, subtype, score, recogniser }: Finding): DetectedSpan {
  return {
    start: span.start,
    end: span.end,
    type: entity,
    ...(subtype === undefined ? {} : { subtype }),
    score,
    recogniser,
  }
}
