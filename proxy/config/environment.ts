/** The process's environment variables: the one place that reads them. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env
}
