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
