/** The codec: findings to placeholders on the way out, placeholders to values on the way back. */

export { hostsIn } from './hosts.ts'
export { createLanes, type LanePiece, type Lanes } from './lanes.ts'
export { OPERATOR_NAMES, OPERATORS, type OperatorName } from './operators.ts'
export {
  CODE_ALPHABET,
  checkCharacter,
  MAX_CODE_LENGTH,
  MIN_CODE_LENGTH,
  type PlaceholderParts,
  parsePlaceholder,
} from './placeholder.ts'
export {
  mayRestore,
  RESTORE_ALL,
  RESTORE_POLICIES,
  type RestorePolicy,
  type RestoreRules,
  type ToolPolicy,
} from './policy.ts'
export { type SanitiseOptions, sanitise, sanitiseSteps } from './sanitise.ts'
export {
  type CountingRestorer,
  createRestorer,
  type RestoreOptions,
  restoreText,
} from './stream.ts'
export * from './types.ts'
export { createVault } from './vault.ts'
