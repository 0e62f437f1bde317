/** What identifiers are called, and sentences about them. */

/** Names of identifiers. */
export const CODE_NAMES = [
  'IBAN',
  'SSN',
  'Visa',
  'Passport',
  'BIC',
  'MRN',
  'Tax ID',
  'ID',
  'PIN',
  'VAT',
  'Policy',
  'NIF',
  'NIE',
  'DNI',
  'CPF',
  'PESEL',
  'BSN',
  'NHS',
  'VIN',
  'IMEI',
  'Token',
  'Ref',
  'Serial',
]

/** Sentences with an identifier in them. */
export const CODE_SENTENCES = [
  'Your confirmation number {code} was sent to {person}.',
  'We charged account {code} of {org} twice.',
  'Scan {code} at the gate.',
  '{person} typed the wrong key ({code}).',
  'Parcel {code} is on its way to {city}.',
  'Error {code} at offset {code}.',
  'Version {code} replaces {code}.',
]
