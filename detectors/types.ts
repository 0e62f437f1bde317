/** The words everything else is written in: spans, findings, recognisers. */
import type { EntityType } from './entities.ts'
import type { LooseForm } from './loose/types.ts'
import type { NumberPattern } from './numbers.ts'

/** A half-open range `[start, end)` in UTF-16 code units. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** One piece of personal data found in one text; `span` is in the text as given, never in a derived view. */
export interface Finding {
  readonly entity: EntityType
  /** Finer kind, such as `DE_STEUERID` or `aws_access_key`. */
  readonly subtype?: string
  readonly span: Span
  /** 0..1. */
  readonly score: number
  /** Id of the recogniser that found it. */
  readonly recogniser: string
}

/** The three passes over a text, cheapest first. */
export type Layer = 'pattern' | 'ner' | 'contextual'

/** What became of a layer for one text or request: a fact for the rules. */
export type LayerStatus = 'ok' | 'off' | 'down' | 'timeout'

/** A text with what must be found in it: a recogniser's own test case and its documentation. */
export interface Example {
  readonly text: string
  /** The exact substrings that must be found, in order; empty for a negative example. */
  readonly finds: readonly string[]
}

/**
 * A text as the detectors see it. `canonical` is what patterns run on (compatibility forms folded, invisible
 * characters removed, digits of other scripts mapped); `toOriginal` maps a canonical span back to the exact
 * range of `original` it came from.
 */
export interface AnalysedText {
  readonly original: string
  readonly canonical: string
  toOriginal(span: Span): Span
}

/** What a recogniser may know besides the text. */
export interface DetectorContext {
  /** BCP 47 language hints, or empty for "unknown". */
  readonly languages: readonly string[]
}

/**
 * Finds entities of a few types in a text. Spans of the findings are in `text.canonical`; the engine maps
 * them back. Must be linear in the text's length. May throw: the engine reports the layer as `down`.
 */
export interface Recogniser {
  readonly id: string
  readonly layer: Exclude<Layer, 'contextual'>
  readonly entities: readonly EntityType[]
  readonly examples: readonly Example[]
  /** What the documentation says about it. */
  readonly about?: RecogniserAbout
  /** Whether a finding is backed by a checksum or a fixed structure: it then wins over one that is not. */
  readonly checked?: boolean
  /** Fewest digits a text must have in a row of tokens before asking makes sense: saves the call. */
  readonly minDigits?: number
  /** How its identifiers are known when they are broken apart or spelled out. */
  readonly loose?: LooseForm
  /** Its pattern, where it starts at numbers: an engine may ask all of these at once instead of calling `analyse`. */
  readonly atNumbers?: NumberPattern
  /** Its pattern with its boundaries, to be run over a whole text: what it costs without a scan is measured so. */
  readonly wholePattern?: () => RegExp
  analyse(text: AnalysedText, context: DetectorContext): readonly Finding[]
}

/** Facts about a recogniser for its row in the documentation. */
export interface RecogniserAbout {
  readonly subtype?: string
  /** ISO 3166-1 alpha-2, where the identifier is national. */
  readonly country?: string
  /** Name of the check-digit algorithm. */
  readonly checksum?: string
  /** Who defines the format. */
  readonly source?: string
}

/** Findings of one text: disjoint, sorted by start; offsets in the text as given. */
export interface Detection {
  readonly findings: readonly Finding[]
  readonly status: Readonly<Record<'pattern' | 'ner', LayerStatus>>
}

/** A value the operator says is always personal, such as a project's code name. */
export interface DenyEntry {
  readonly type: string
  readonly values: readonly string[]
}

/** A pattern the operator adds; with context words, one of them must stand near. */
export interface PatternEntry {
  readonly type: string
  readonly pattern: string
  readonly context?: readonly string[]
}

/** How the detectors are set up; the same for every text of a process. */
export interface DetectorOptions {
  readonly ner: boolean
  /** How eager the built-in tagger is; default `high`. */
  readonly recall?: 'balanced' | 'high' | 'max'
  /** Who is asked beside the tagger; default nobody. */
  readonly voters?: readonly 'compromise'[]
  /** BCP 47 languages, or empty for automatic. */
  readonly languages: readonly string[]
  /** Whole values never treated as findings, case-insensitive; never a substring. */
  readonly allow: readonly string[]
  readonly deny: readonly DenyEntry[]
  /** Patterns of the operator, in RE2's syntax; they run on the canonical text. */
  readonly patterns?: readonly PatternEntry[]
  /** Strings of 24 characters and more that are no words and decode to no text; default `keep`. */
  readonly opaqueBlobs?: 'keep' | 'mask'
}

/** The pattern and NER layers: synchronous, pure, without state between calls but compiled tables. */
export interface Detectors {
  /** Never throws: a recogniser that throws makes its layer `down`. `layers` defaults to those switched on. */
  detect(text: string, layers?: readonly Exclude<Layer, 'contextual'>[]): Detection
}

/** Asks the local model for JSON: resolves to the raw answer text; rejects on failure or abort. */
export type AskModel = (
  request: {
    readonly system: string
    readonly user: string
    readonly schema: object
    readonly maxTokens: number
  },
  signal: AbortSignal,
) => Promise<string>

/** What the contextual pass found in some texts: only additions, in the order of the texts. */
export interface ContextualDetection {
  readonly findings: readonly (readonly Finding[])[]
  /** The worst of `statuses`. */
  readonly status: LayerStatus
  /** What became of each text. */
  readonly statuses: readonly LayerStatus[]
}
