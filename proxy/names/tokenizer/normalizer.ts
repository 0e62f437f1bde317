/** The normalisers of `tokenizer.json`: what happens to a text before it is cut into words. */
import { MappedBuilder, type MappedText, mapClusters, mapMatches } from './mapped-text.ts'
import { flag, type Part, partsOf, patternOf, textField, unsupported } from './parts.ts'

/** Changes a text and keeps track of where it came from. */
export type Normalizer = (text: MappedText) => MappedText

const MARKS = /\p{Mn}/gu
const CONTROL = /^[\p{Cc}\p{Cf}\p{Co}\p{Cn}\ufffd]$/u
const SPACE = /^\s$/u
const IDEOGRAPH =
  /^[\u{4e00}-\u{9fff}\u{3400}-\u{4dbf}\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b820}-\u{2ceaf}\u{f900}-\u{faff}\u{2f800}-\u{2fa1f}]$/u

/** The normaliser that a part describes. Throws `NamesError` for kinds that are not supported. */
export function normalizerOf(part: Part | null): Normalizer {
  const steps = partsOf(part, 'normalizers').map(stepOf)
  return (text) => steps.reduce((changed, step) => step(changed), text)
}

function stepOf(part: Part): Normalizer {
  switch (part.type) {
    case 'BertNormalizer':
      return bert(part)
    case 'Lowercase':
      return (text) => mapClusters(text, (cluster) => cluster.toLowerCase())
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD': {
      const form = part.type
      return (text) => mapClusters(text, (cluster) => cluster.normalize(form))
    }
    // The table inside is Unicode's NFKC with white space folded, for every model in use.
    case 'Precompiled':
    case 'Nmt':
      return (text) => mapClusters(text, (cluster) => foldSpaces(cluster.normalize('NFKC')))
    case 'StripAccents':
      return (text) => mapClusters(text, (cluster) => cluster.replace(MARKS, ''))
    case 'Strip':
      return strip(part)
    case 'Prepend':
      return prepend(textField(part, 'prepend', ''))
    case 'Replace': {
      const pattern = patternOf(part)
      const content = textField(part, 'content', '')
      return (text) => mapMatches(text, pattern, () => content)
    }
    default:
      throw unsupported(`the normaliser ${part.type}`)
  }
}

function foldSpaces(text: string): string {
  return text.replace(/[\u200b\u2060\ufeff\u0000-\u0008]/gu, '').replace(/\s/gu, ' ')
}

function bert(part: Part): Normalizer {
  const cleans = flag(part, 'clean_text', true)
  const lowers = flag(part, 'lowercase', true)
  const strips = flag(part, 'strip_accents', lowers)
  const spaces = flag(part, 'handle_chinese_chars', true)
  const change = (cluster: string): string => {
    let changed = cluster
    if (cleans) changed = SPACE.test(changed) ? ' ' : CONTROL.test(changed) ? '' : changed
    if (spaces && IDEOGRAPH.test(changed)) changed = ` ${changed} `
    if (strips) changed = changed.normalize('NFD').replace(MARKS, '')
    return lowers ? changed.toLowerCase() : changed
  }
  return (text) => mapClusters(text, change)
}

function strip(part: Part): Normalizer {
  const left = flag(part, 'strip_left', true)
  const right = flag(part, 'strip_right', true)
  return (text) => {
    const start = left ? text.text.length - text.text.trimStart().length : 0
    const end = right ? text.text.trimEnd().length : text.text.length
    return {
      text: text.text.slice(start, Math.max(start, end)),
      from: text.from.slice(start, Math.max(start, end)),
      to: text.to.slice(start, Math.max(start, end)),
    }
  }
}

function prepend(prefix: string): Normalizer {
  return (text) => {
    if (text.text === '') return text
    const builder = new MappedBuilder(text)
    builder.insert(prefix, 0)
    for (let at = 0; at < text.text.length; at++) builder.add(text.text.charAt(at), at, at + 1)
    return builder.done()
  }
}
