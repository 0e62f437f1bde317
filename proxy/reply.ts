/** What is sent back to a client. A stream is pulled as fast as the client reads, and ended when it goes away. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | AsyncIterable<string>
}
