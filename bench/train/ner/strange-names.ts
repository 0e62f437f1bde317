/** Names that no list knows: listed ones with a letter or two changed. */
import type { SeededRandom } from './random.ts'

const VOWELS = 'aeiou'
const CONSONANTS = 'bcdfghjklmnpqrstvwxz'
const PLAIN_NAME = /^[a-z]{4,}$/iu

/**
 * The name with one or two letters behind the first changed for others of their kind, doubled, or left out; names with
 * other than four or more letters from a to z stay as they are.
 */
export function strangeName(name: string, random: SeededRandom): string {
  if (!PLAIN_NAME.test(name)) return name
  let value = name
  for (let times = random.chance(0.5) ? 1 : 2; times > 0; times--) {
    const at = 1 + random.below(value.length - 1)
    value = value.slice(0, at) + instead(value[at] ?? '', random) + value.slice(at + 1)
  }
  return value
}

function instead(letter: string, random: SeededRandom): string {
  const way = random.next()
  if (way < 0.6) return random.pick([...(VOWELS.includes(letter) ? VOWELS : CONSONANTS)])
  return way < 0.8 ? letter + letter : ''
}
