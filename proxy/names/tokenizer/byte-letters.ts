/**
 * GPT-2's way to write any byte as a visible letter: printable Latin-1 stands for itself, the other 68 bytes are
 * numbered on from U+0100. Source: its published encoder.
 */
function isPrintable(byte: number): boolean {
  return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
}

const LETTERS: readonly string[] = (() => {
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++))
})()

/** The letter of a byte. */
export function byteLetter(byte: number): string {
  return LETTERS[byte] ?? ''
}
