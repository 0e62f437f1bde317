/**
 * A text that remembers where each of its units came from, through every change a tokeniser makes to it. This is
 * how pieces of words find back to the characters of the original.
 */

/** Text with the half-open range of the original behind each of its UTF-16 units. */
export interface MappedText {
  readonly text: string
  readonly from: readonly number[]
  readonly to: readonly number[]
}

/** A text as it is. */
export function mappedText(text: string): MappedText {
  const from = Array.from({ length: text.length }, (_, at) => at)
  return { text, from, to: from.map((at) => at + 1) }
}

/** A part of it. */
export function sliceOf({ text, from, to }: MappedText, start: number, end: number): MappedText {
  return { text: text.slice(start, end), from: from.slice(start, end), to: to.slice(start, end) }
}

/** Puts pieces together; each piece is new text for a range of the source. */
export class MappedBuilder {
  private readonly pieces: string[] = []
  private readonly from: number[] = []
  private readonly to: number[] = []
  private readonly source: MappedText

  constructor(source: MappedText) {
    this.source = source
  }

  /** Adds text that stands for `[start, end)` of the source. */
  add(text: string, start: number, end: number): void {
    const from = this.source.from[start] ?? 0
    const to = this.source.to[Math.max(start, end - 1)] ?? from
    this.pieces.push(text)
    for (let at = 0; at < text.length; at++) {
      this.from.push(from)
      this.to.push(to)
    }
  }

  /** Adds text that stands for nothing, at the place where `[at, …)` begins. */
  insert(text: string, at: number): void {
    const place = this.source.from[at] ?? this.source.to[this.source.to.length - 1] ?? 0
    this.pieces.push(text)
    for (let n = 0; n < text.length; n++) {
      this.from.push(place)
      this.to.push(place)
    }
  }

  done(): MappedText {
    return { text: this.pieces.join(''), from: this.from, to: this.to }
  }
}

/** A letter with the marks on it, or any other single code point: what normal forms work on. */
const CLUSTER = /\P{M}\p{M}{0,30}|\p{M}/gu

/** Replaces each cluster by what `change` makes of it. Linear. */
export function mapClusters(source: MappedText, change: (cluster: string) => string): MappedText {
  const builder = new MappedBuilder(source)
  for (const match of source.text.matchAll(CLUSTER)) {
    const [cluster] = match
    builder.add(change(cluster), match.index, match.index + cluster.length)
  }
  return builder.done()
}

/** Replaces every match of a global pattern. */
export function mapMatches(
  source: MappedText,
  pattern: RegExp,
  change: (match: string) => string,
): MappedText {
  const builder = new MappedBuilder(source)
  let at = 0
  const copy = (end: number): void => {
    for (; at < end; at++) builder.add(source.text.charAt(at), at, at + 1)
  }
  for (const match of source.text.matchAll(pattern)) {
    copy(match.index)
    const end = match.index + match[0].length
    const text = change(match[0])
    if (text !== '') builder.add(text, match.index, end)
    at = end
  }
  copy(source.text.length)
  return builder.done()
}
