/** Loads the policy file the configuration names, or the shipped one. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type CompiledPolicy,
  type CompileOptions,
  compilePolicy,
  type RuleProblem,
} from '../routing-rules/index.ts'
import { type Config, ConfigError } from './config/load.ts'

/** Path of a shipped policy, such as `default`, from a checkout or an installed package. */
export function shippedPolicy(name: string): string {
  const candidates = ['../routing-rules/policies/', '../../routing-rules/policies/']
  const found = candidates
    .map((folder) => fileURLToPath(new URL(`${folder}${name}.yaml`, import.meta.url)))
    .find((path) => existsSync(path))
  if (found === undefined)
    throw new ConfigError([`the shipped policy ${name} is missing from this installation`])
  return found
}

/**
 * The compiled policy of a configuration.
 * @throws ConfigError with every problem as `file:line:column: message`
 */
export function loadPolicy(config: Config): CompiledPolicy {
  const file = config.rules ?? shippedPolicy('default')
  const { policy, problems } = compilePolicy(readPolicyText(file), {
    file,
    ...policySurroundings(config, file),
  })
  if (policy === null)
    throw new ConfigError(problems.filter(({ severity }) => severity === 'error').map(renderProblem))
  return policy
}

/** What a policy is compiled against, from the configuration. */
export function policySurroundings(config: Config, file: string): Omit<CompileOptions, 'file'> {
  return {
    readList: (path) => {
      try {
        return readFileSync(resolve(dirname(file), path), 'utf8')
      } catch {
        return null
      }
    },
    providers: config.cloud.map(({ name, model }) => ({ name, model })),
    localModel: config.local.engine === 'none' ? null : config.local.model,
    entityTypes: [...config.detectors.deny, ...config.detectors.patterns].map(({ type }) => type),
  }
}

/** The text of a policy file. Throws ConfigError when it cannot be read. */
export function readPolicyText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new ConfigError([`${file}:1:1: the policy file cannot be read`])
  }
}

/** `file:line:column: message`. */
export function renderProblem(problem: RuleProblem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`
}
