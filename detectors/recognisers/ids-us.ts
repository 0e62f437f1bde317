/** Identifiers of the United States. */
import { digitsOf, isRepeated } from '../checksums.ts'
import { definePattern, example } from '../define.ts'
import type { Recogniser } from '../types.ts'

/** Numbers printed in advertisements and forms; never anybody's. Source: SSA, "Misused SSNs". */
const MISUSED = new Set(['078051120', '219099999', '123456789', '457555462'])

/** Whether nine digits can be a social security number. Source: SSA POMS RM 10201.035 (areas, groups, serials). */
export function isSsn(digits: string): boolean {
  if (MISUSED.has(digits) || isRepeated(digits)) return false
  const area = digits.slice(0, 3)
  return (
    area !== '000' &&
    area !== '666' &&
    area < '900' &&
    digits.slice(3, 5) !== '00' &&
    digits.slice(5) !== '0000'
  )
}

const ssn = definePattern({
  id: 'us_ssn',
  entity: 'US_SSN',
  pattern: /[0-9]{3}([- .]?)[0-9]{2}\1[0-9]{4}/u,
  digits: 9,
  validate: (value) => isSsn(digitsOf(value)),
  context: ['ssn', 'ssns', 'ss#', 'ss number', 'social', 'social security', 'soc sec', 'ssid', 'taxpayer'],
  scores: { context: 0.95 },
  about: { country: 'US', source: 'SSA POMS RM 10201' },
  examples: [
    example('SSN 536-90-4399', '536-90-4399'),
    example('social security number: 536904399', '536904399'),
    example('SSN: 536 90 4399', '536 90 4399'),
    example('SSN 000-12-3456 or 666-12-3456'),
    example('SSN 078-05-1120'),
    example('ticket 536904399'),
  ],
})

/** The grouping alone says it: no other common number is written 3-2-4 with hyphens. */
const ssnGrouped = definePattern({
  id: 'us_ssn_grouped',
  entity: 'US_SSN',
  pattern: /[0-9]{3}(?:-[0-9]{2}-|\.[0-9]{2}\.| [0-9]{2} )[0-9]{4}/u,
  digits: 9,
  validate: (value) => isSsn(digitsOf(value)),
  scores: { plain: 0.75 },
  about: { country: 'US', source: 'SSA POMS RM 10201' },
  examples: [
    example('her number is 536-90-4399.', '536-90-4399'),
    example('536 90 4399', '536 90 4399'),
    example('536.90.4399', '536.90.4399'),
    example('900-12-3456'),
    example('536-90-43991'),
    example('1536-90-4399'),
  ],
})

/** All of this file. */
export const IDS_US: readonly Recogniser[] = [ssn, ssnGrouped]
