/** Fifty invented people with every kind of value a request may hold, made from a seed. */

/** One invented person. Domains are reserved, numbers are test ranges, names are common ones put together. */
export interface Identity {
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly card: string
  readonly iban: string
  readonly ip: string
}

const GIVEN = ['Maria', 'John', 'Sofia', 'Peter', 'Elena', 'David', 'Laura', 'Thomas', 'Anna', 'Michael']
const FAMILY = ['Schneider', 'Hoffman', 'Lindqvist', 'Moretti', 'Kowalski']

/** `count` people; the same each time. */
export function identities(count: number): readonly Identity[] {
  return Array.from({ length: count }, (_, index) => {
    const given = GIVEN[index % GIVEN.length] ?? ''
    const family = FAMILY[Math.floor(index / GIVEN.length) % FAMILY.length] ?? ''
    return {
      name: `${given} ${family}`,
      email: `${given}.${family}.${index}@example.com`.toLowerCase(),
      phone: `+1 212 555 01${String(index).padStart(2, '0')}`,
      card: withLuhn(`41111100${String(1_000_000 + index * 7919)}`),
      iban: withCheck(`37040044${String(5_320_130_00 + index * 97)}`.padEnd(18, '0')),
      ip: `203.0.113.${index + 1}`,
    }
  })
}

/** Appends the Luhn check digit (ISO/IEC 7812-1). */
function withLuhn(digits: string): string {
  let sum = 0
  for (const [index, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1)
    sum += value > 9 ? value - 9 : value
  }
  return `${digits}${(10 - (sum % 10)) % 10}`
}

/** A German IBAN for an account number (ISO 13616, mod 97-10). */
function withCheck(account: string): string {
  const digits = account.slice(0, 18)
  const rest = Number(BigInt(`${digits}131400`) % 97n)
  return `DE${String(98 - rest).padStart(2, '0')}${digits}`
}

/** A message that names everything of a person. */
export function messageOf(person: Identity): string {
  return `Hello, my name is ${person.name}. Write to ${person.email} or call ${person.phone}. Card ${person.card}, account ${person.iban}, my computer is ${person.ip}.`
}
