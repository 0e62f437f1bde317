/** The page of all recognisers says what the code says. */
import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { RECOGNISERS } from '../../detectors/index.ts'
import { SECRET_FORMATS } from '../../detectors/recognisers/secret-formats.ts'
import { ROOT, read } from './tree.ts'

const PAGE = '.github/RECOGNISERS.md'

const cell = (text: string | undefined): string => (text ?? '').replaceAll('|', '\\|')

/** The whole page, from the recognisers themselves. */
function page(): string {
  const rows = RECOGNISERS.map(({ id, entities, about = {} }) => {
    const cells = [
      `\`${id}\``,
      entities.join(', '),
      about.subtype,
      about.country,
      about.checksum,
      about.source,
    ]
    return `| ${cells.map(cell).join(' | ')} |`
  })
  const countries = new Set(RECOGNISERS.flatMap(({ about }) => about?.country ?? []))
  const formats = [...new Set(SECRET_FORMATS.map(({ subtype }) => subtype))].map(
    (subtype) => `\`${subtype}\``,
  )
  return `# Recognisers

Generated from \`detectors/recognisers/\`; \`UPDATE_DOCS=1 npm test -- house/recognisers\` writes it anew. Every one carries
positive and negative examples, which \`test/conformance/recognisers.test.ts\` runs. A row with a checksum drops what fails
it; one without a strong format needs a word near. ${rows.length} recognisers, ${countries.size} countries, ${formats.length} formats of keys.

| Id | Type | Subtype | Country | Checksum | Source |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

## Formats of keys and tokens

\`api_key\` knows these by their fixed parts: ${formats.join(', ')}.
`
}

test('the page of recognisers is the one the code gives (UPDATE_DOCS=1 writes it)', () => {
  if (process.env.UPDATE_DOCS === '1') writeFileSync(join(ROOT, PAGE), page())
  assert.ok(existsSync(join(ROOT, PAGE)))
  assert.equal(read(PAGE), page(), `${PAGE} is not up to date: UPDATE_DOCS=1 npm test -- house/recognisers`)
})

test('at least sixty formats of keys are known', () => {
  assert.ok(new Set(SECRET_FORMATS.map(({ subtype }) => subtype)).size >= 60)
})
