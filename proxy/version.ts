import { existsSync, readFileSync } from 'node:fs'

/** The package's version, read from the nearest `package.json` above this file (the checkout's, or the installed one's). */
export function version(): string {
  const file = ['../package.json', '../../package.json']
    .map((up) => new URL(up, import.meta.url))
    .find((url) => existsSync(url))
  const parsed: unknown = file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'))
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed
    ? String(parsed.version)
    : '0.0.0'
}
