/** The one list of recognisers of the pattern layer. A new one is a file beside this and a line here. */
import type { Recogniser } from '../types.ts'
import { ADDRESSES } from './addresses.ts'
import { ADDRESSES_ASIA } from './addresses-asia.ts'
import { AGES } from './ages.ts'
import { DATES } from './dates.ts'
import { DRIVING_LICENCES } from './driving-licences.ts'
import { email } from './email.ts'
import { emailInCapitals, emailSpelled } from './email-spelled.ts'
import { GLOBAL_IDS } from './global-ids.ts'
import { IDS_AMERICAS } from './ids-americas.ts'
import { IDS_ASIA } from './ids-asia.ts'
import { IDS_BRITAIN } from './ids-britain.ts'
import { IDS_DANUBE } from './ids-danube.ts'
import { IDS_EAST } from './ids-east.ts'
import { IDS_FURTHER } from './ids-further.ts'
import { IDS_NORTH } from './ids-north.ts'
import { IDS_OCEANIA_AFRICA } from './ids-oceania-africa.ts'
import { IDS_SOUTH } from './ids-south.ts'
import { IDS_US } from './ids-us.ts'
import { IDS_WEST } from './ids-west.ts'
import { labelledId } from './labelled-ids.ts'
import { MESSENGERS_LIST } from './messengers.ts'
import { NETWORK } from './network.ts'
import { PASSPORTS } from './passports.ts'
import { PASSWORDS } from './passwords.ts'
import { PAYMENT } from './payment.ts'
import { phone } from './phone.ts'
import { PLATES } from './plates.ts'
import { SECRETS } from './secrets.ts'
import { SPECIAL } from './special.ts'

/** Every recogniser that needs nothing but tables, in the order of documentation. */
export const RECOGNISERS: readonly Recogniser[] = [
  email,
  emailSpelled,
  emailInCapitals,
  phone,
  ...PAYMENT,
  ...NETWORK,
  ...IDS_US,
  ...IDS_AMERICAS,
  ...IDS_BRITAIN,
  ...IDS_WEST,
  ...IDS_SOUTH,
  ...IDS_NORTH,
  ...IDS_EAST,
  ...IDS_DANUBE,
  ...IDS_ASIA,
  ...IDS_OCEANIA_AFRICA,
  ...IDS_FURTHER,
  ...PASSPORTS,
  ...DRIVING_LICENCES,
  ...SECRETS,
  ...PASSWORDS,
  ...DATES,
  ...AGES,
  ...ADDRESSES,
  ...ADDRESSES_ASIA,
  labelledId,
  ...GLOBAL_IDS,
  ...MESSENGERS_LIST,
  ...PLATES,
  ...SPECIAL,
]
