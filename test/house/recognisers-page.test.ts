/** The page of all recognisers says what the code says. */
import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { RECOGNISERS, shippedRecognisers } from '../../detectors/index.ts'
import { SECRET_FORMATS } from '../../detectors/recognisers/secret-formats.ts'
import { COUNTRIES, KINDS, LICENCE_IS_NATIONAL_NUMBER, type Named, PRESIDIO } from './named-kinds.ts'
import { ROOT, read } from './tree.ts'

const PAGE = '.github/RECOGNISERS.md'

const cell = (text: string | undefined): string => (text ?? '').replaceAll('|', '\\|')

const code = (id: string): string => `\`${id}\``
const named = (rows: readonly Named[]): string =>
  rows.map(([name, ids]) => `| ${name} | ${ids.split(' ').map(code).join(', ')} |`).join('\n')

/** Ids of one country's recognisers: of one type, or of those that no column of its own has. */
function idsOf(country: string, entity: string | null): readonly string[] {
  const own = ['PASSPORT', 'DRIVER_LICENSE', 'VEHICLE_ID']
  return RECOGNISERS.filter(({ about }) => about?.country === country)
    .filter(({ entities }) =>
      entity === null ? !entities.some((one) => own.includes(one)) : entities.includes(entity),
    )
    .map(({ id }) => id)
}

function countryRow(country: string): string {
  const licences = idsOf(country, 'DRIVER_LICENSE')
  const columns = [
    idsOf(country, null),
    idsOf(country, 'PASSPORT'),
    licences.length > 0
      ? licences
      : LICENCE_IS_NATIONAL_NUMBER.has(country)
        ? idsOf(country, 'NATIONAL_ID')
        : [],
    idsOf(country, 'VEHICLE_ID'),
  ]
  return `| ${country} | ${columns.map((ids) => ids.map(code).join(', ')).join(' | ')} |`
}

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

## By kind

| Kind | Found by |
| --- | --- |
${named(KINDS)}

## By country

| Country | Numbers | Passport | Driving licence | Plate |
| --- | --- | --- | --- | --- |
${COUNTRIES.map(countryRow).join('\n')}

## By names of Presidio

What its entities, of all countries, are called here.

| Presidio | Found by |
| --- | --- |
${named(PRESIDIO)}

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

test('each named kind and each entity of Presidio is found by recognisers that exist', () => {
  const ids = new Set(shippedRecognisers(true).map(({ id }) => id))
  for (const [name, found] of [...PRESIDIO, ...KINDS])
    for (const id of found.split(' ')) assert.ok(ids.has(id), `${name}: no recogniser ${id}`)
})

test('every named country has numbers of persons, passports, driving licences and plates', () => {
  for (const country of COUNTRIES) {
    assert.ok(idsOf(country, null).length > 0, country)
    assert.ok(idsOf(country, 'PASSPORT').length > 0, `${country}: passport`)
    assert.ok(
      idsOf(country, 'DRIVER_LICENSE').length > 0 || LICENCE_IS_NATIONAL_NUMBER.has(country),
      `${country}: driving licence`,
    )
    assert.ok(idsOf(country, 'VEHICLE_ID').length > 0, `${country}: plate`)
  }
})
