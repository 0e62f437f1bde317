/** All commands, in the order `--help` shows them. */
import { audit } from './audit.ts'
import { classify } from './classify.ts'
import type { CommandModule } from './command.ts'
import { demo } from './demo.ts'
import { detect } from './detect.ts'
import { doctor } from './doctor.ts'
import { keys } from './keys.ts'
import { models } from './models.ts'
import { rules } from './rules.ts'
import { serve } from './serve.ts'
import { status } from './status.ts'

export const COMMANDS: readonly CommandModule[] = [
  serve,
  demo,
  detect,
  classify,
  rules,
  status,
  audit,
  keys,
  models,
  doctor,
]
