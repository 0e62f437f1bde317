/** What a cloud provider is to the door: which paths it has, how its key is sent, what its errors mean. */

/** One kind of cloud API. */
export interface CloudProvider {
  /** Name of the kind. */
  readonly kind: string
  /** Paths under the base URL that may be asked for; nothing else exists. */
  readonly paths: readonly string[]
  /** The headers that carry the key. */
  authHeaders(apiKey: string): Readonly<Record<string, string>>
  /** The code of an error body: a known word, or null. The body's own text goes nowhere. */
  errorCode(body: unknown): string | null
}
