/** The one list of recognisers of the pattern layer. A new one is a file beside this and a line here. */
import type { Recogniser } from '../types.ts'
import { DATES } from './dates.ts'
import { email } from './email.ts'
import { IDS_US } from './ids-us.ts'
import { NETWORK } from './network.ts'
import { PASSWORDS } from './passwords.ts'
import { PAYMENT } from './payment.ts'
import { phone } from './phone.ts'
import { SECRETS } from './secrets.ts'

/** Every recogniser that needs nothing but tables, in the order of documentation. */
export const RECOGNISERS: readonly Recogniser[] = [
  email,
  phone,
  ...PAYMENT,
  ...NETWORK,
  ...IDS_US,
  ...SECRETS,
  ...PASSWORDS,
  ...DATES,
]
