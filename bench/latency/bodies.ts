/** The requests of the load: 2 KB prompts of invented people, all the same or each its own. */

const PROSE =
  'The customer wrote that the delivery came late and that the box was open when it arrived at the door. ' +
  'Please write a friendly answer, offer a refund or a second delivery, and keep it under one hundred words. '

/** A chat request of about 2 KB whose text is `number`'s own, with four values to find when `personal`. */
export function chatBody(number: number, personal: boolean): string {
  const who = personal
    ? `Ticket ${number} from agent${number}@example.com, phone +1 212 555 0${String(100 + (number % 100))}, address 203.0.113.${number % 250}, card 4111 1111 1111 1111. `
    : `Ticket number ${number}. `
  const content = (who + PROSE.repeat(12)).slice(0, 2000)
  return JSON.stringify({ model: 'cloakroom-auto', messages: [{ role: 'user', content }] })
}

const GIVEN =
  'Ada Bruno Chiara Dmitri Elif Farid Greta Hugo Ines Jonas Katrin Luis Mira Nadia Oskar Petra'.split(' ')
const FAMILY =
  'Albrecht Bianchi Castro Dumont Eriksen Fontaine Gruber Horvat Ivanova Jansen Keller Lindgren Moreau Novak'.split(
    ' ',
  )
const PLACES = 'Lisbon Hamburg Lyon Bergen Graz Turin Malmö Porto Ghent Brno'.split(' ')

/** So many units of prose about invented people, another one for each `seed`; a name in most sentences. */
export function longText(units: number, seed: number): string {
  let text = ''
  for (let n = Math.abs(seed) * 7919; text.length < units; n++) {
    const name = `${GIVEN[n % GIVEN.length]} ${FAMILY[(n * 5 + 3) % FAMILY.length]}`
    text += `On day ${n} ${name} wrote from ${PLACES[(n * 3) % PLACES.length]} that the order number ${n * 37} had come late. `
    text += PROSE
    if (n % 9 === 0) text += `Answer to person${n}@example.com or +1 212 555 0${100 + (n % 100)}. `
  }
  return text.slice(0, units)
}
