/** What other recognisers call their entities, as types of the catalogue. */
import { ENTITIES, type EntityType } from '../../detectors/index.ts'

/** Names used by Presidio, by models of the CoNLL and OntoNotes tradition and by models for personal data. */
const ALIASES: Readonly<Record<string, EntityType>> = {
  PER: 'PERSON',
  NAME: 'PERSON',
  FULLNAME: 'PERSON',
  FIRSTNAME: 'PERSON',
  MIDDLENAME: 'PERSON',
  LASTNAME: 'PERSON',
  GIVENNAME: 'PERSON',
  SURNAME: 'PERSON',
  PATIENT: 'PERSON',
  DOCTOR: 'PERSON',
  STAFF: 'PERSON',
  LOC: 'LOCATION',
  GPE: 'LOCATION',
  FAC: 'LOCATION',
  CITY: 'LOCATION',
  STATE: 'LOCATION',
  COUNTY: 'LOCATION',
  COUNTRY: 'LOCATION',
  STREET: 'ADDRESS',
  STREETADDRESS: 'ADDRESS',
  BUILDINGNUM: 'ADDRESS',
  BUILDINGNUMBER: 'ADDRESS',
  SECONDARYADDRESS: 'ADDRESS',
  ZIPCODE: 'ADDRESS',
  POSTCODE: 'ADDRESS',
  ZIP: 'ADDRESS',
  ORGANIZATION: 'ORG',
  ORGANISATION: 'ORG',
  COMPANY: 'ORG',
  COMPANYNAME: 'ORG',
  HOSPITAL: 'ORG',
  NORP: 'NRP',
  DATE: 'DATE_TIME',
  TIME: 'DATE_TIME',
  DOB: 'DATE_TIME',
  DATEOFBIRTH: 'DATE_TIME',
  EMAILADDRESS: 'EMAIL',
  PHONENUMBER: 'PHONE',
  TELEPHONENUM: 'PHONE',
  TEL: 'PHONE',
  IBANCODE: 'IBAN',
  CREDITCARDNUMBER: 'CREDIT_CARD',
  ACCOUNTNUM: 'BANK_ACCOUNT',
  ACCOUNTNUMBER: 'BANK_ACCOUNT',
  USBANKNUMBER: 'BANK_ACCOUNT',
  IP: 'IP_ADDRESS',
  IPV4: 'IP_ADDRESS',
  IPV6: 'IP_ADDRESS',
  MAC: 'MAC_ADDRESS',
  SSN: 'US_SSN',
  SOCIALNUM: 'NATIONAL_ID',
  IDCARDNUM: 'NATIONAL_ID',
  TAXNUM: 'NATIONAL_ID',
  UKNHS: 'MEDICAL_RECORD',
  MEDICALLICENSE: 'MEDICAL_RECORD',
  USPASSPORT: 'PASSPORT',
  PASSPORTNUM: 'PASSPORT',
  USDRIVERLICENSE: 'DRIVER_LICENSE',
  DRIVERLICENSENUM: 'DRIVER_LICENSE',
  CRYPTO: 'CRYPTO_WALLET',
  VEHICLEVIN: 'VEHICLE_ID',
  VEHICLEVRM: 'VEHICLE_ID',
  JOBTITLE: 'TITLE_OR_JOB',
  PROFESSION: 'TITLE_OR_JOB',
  TITLE: 'TITLE_OR_JOB',
}

/** What is labelled in some sets and identifies nobody. */
const HARMLESS = new Set(
  'O CARDINAL ORDINAL PERCENT QUANTITY MONEY LANGUAGE LAW PRODUCT EVENT WORKOFART AMOUNT CURRENCY'.split(' '),
)

const KNOWN = new Map<string, EntityType>(ENTITIES.map(({ type }) => [type.replaceAll('_', ''), type]))

/** A label without the mark of its place in an entity, as in `B-PER`, `I-PER`, `E-PER`, `S-PER`, `U-PER`, `L-PER`. */
export function withoutPlace(label: string): string {
  return label.replace(/^(?:[BIESUL]-|[BI]_)/u, '')
}

/**
 * The catalogue's type of a label without its place; null for what is nobody's. A label nobody knows is `MISC`: a
 * recogniser that found something is believed.
 */
export function entityOf(label: string): EntityType | null {
  const name = label.toUpperCase().replace(/[^A-Z0-9]/gu, '')
  if (HARMLESS.has(name)) return null
  return KNOWN.get(name) ?? ALIASES[name] ?? 'MISC'
}
