/** The three layers over single texts, for the command line and tools. */
import {
  createDetectors,
  type Detection,
  type DetectorOptions,
  detectContextual,
  type Finding,
  type Layer,
} from '../detectors/index.ts'
import type { Config } from './config/load.ts'
import { createLocalModel } from './local/index.ts'
import { createNamedDetectors } from './named-findings.ts'
import { createNameEngine } from './names/index.ts'
import { uncovered } from './pipeline/inspect.ts'
import type { NameEngine } from './ports.ts'

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
  const { ner, contextual } = config.detectors
  const wanted = new Set<Layer>(
    layers ?? [
      'pattern',
      ...(ner ? (['ner'] as const) : []),
      ...(config.local.engine !== 'none' && contextual !== 'off' ? (['contextual'] as const) : []),
    ],
  )
  const names = wanted.has('ner') ? await createNameEngine({ ...config.detectors, ner: true }) : null
  const look = createLook({ ...detectorOptions(config), ner: wanted.has('ner') }, names)
  const local = wanted.has('contextual')
    ? await createLocalModel({ ...config.local, data_dir: config.data_dir })
    : null
  if (wanted.has('contextual') && local === null) {
    throw new DetectionError(
      'the contextual layer needs a local model: set CLOAKROOM_LOCAL_BASE_URL or CLOAKROOM_MODEL_PATH',
    )
  }
  const direct = (['pattern', 'ner'] as const).filter((layer) => wanted.has(layer))
  return {
    async detect(text) {
      const { findings, status } = await look(text, direct)
      if (status.ner === 'timeout') throw new DetectionError('the name engine did not answer in time')
      if (direct.some((layer) => status[layer] === 'down')) throw new DetectionError('a recogniser failed')
      if (local === null) return findings.map(asSpan)
      const signal = AbortSignal.timeout(config.detectors.contextual_timeout_ms)
      const more = await detectContextual([text], {
        ask: (request, stop) => local.ask(request, stop),
        signal,
      })
      if (more.status !== 'ok') throw new DetectionError('the contextual layer did not answer')
      const added = (more.findings[0] ?? []).flatMap((one) => uncovered(one, findings, text))
      return [...findings, ...added].sort((a, b) => a.span.start - b.span.start).map(asSpan)
    },
    close: async () => {
      await names?.close()
      await local?.close()
    },
  }
}

/** The detectors' options as the configuration has them. */
export function detectorOptions({ detectors }: Config): DetectorOptions {
  const { ner, ner_recall: recall, ner_voters: voters, languages, allow, deny } = detectors
  const patterns = detectors.patterns.map(({ context, ...entry }) =>
    context === undefined ? entry : { ...entry, context },
  )
  return {
    ner,
    recall,
    voters,
    languages: languages.filter((language) => language !== 'auto'),
    allow,
    deny,
    patterns,
    opaqueBlobs: detectors.opaque_blobs,
  }
}

type Look = (text: string, layers: readonly ('pattern' | 'ner')[]) => Promise<Detection>

function createLook(options: DetectorOptions, names: NameEngine | null): Look {
  if (names === null) {
    const detectors = createDetectors(options)
    return async (text, layers) => detectors.detect(text, layers)
  }
  const named = createNamedDetectors(options, names)
  return async (text, layers) => {
    const detect = await named.prepare([text], new AbortController().signal)
    return detect(text, layers)
  }
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
