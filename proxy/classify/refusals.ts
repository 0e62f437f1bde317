/** Answers that are none: the model says that it does not know, or that it cannot. */

/** Units looked at: a refusal stands at the beginning. */
const REACH = 240
/** An answer much longer than its refusal answered something after all. */
const MAX_UNITS = 600

const PHRASES: readonly string[] = [
  // English
  "i(?:'m| am) (?:sorry|not sure|unable|afraid)",
  "i (?:can(?:'|no)t|could(?: not|n't)|don't|do not) (?:help|answer|know|assist|provide|access|determine|do that)",
  "i (?:do not|don't) have (?:enough|any|access)",
  'as an ai',
  'not enough information',
  'cannot be determined',
  // German
  'ich weiß (?:es )?nicht',
  '(?:das|dabei) kann ich (?:leider )?nicht',
  'ich kann (?:dir|ihnen|dabei|das|diese) .{0,40}nicht',
  'es tut mir leid',
  'tut mir leid',
  // French
  'je ne sais pas',
  'je ne peux pas',
  'je suis désolée?',
  "je n'ai pas (?:assez|accès)",
  // Spanish
  'no lo sé',
  'lo siento',
  'no puedo (?:ayudar|responder|proporcionar)',
  // Italian
  'non lo so',
  'mi dispiace',
  'non posso (?:aiutar|risponder|fornire)',
  // Portuguese
  'não sei',
  'desculpe',
  'não posso (?:ajudar|responder|fornecer)',
  // Dutch
  'ik weet (?:het )?niet',
  'het spijt me',
  'ik kan (?:je|u|dat|hier) .{0,40}niet',
  // Polish
  'nie wiem',
  'przykro mi',
  'nie mogę (?:pomóc|odpowiedzieć)',
]
const REFUSAL = new RegExp(`(?<![\\p{L}\\p{N}])(?:${PHRASES.join('|')})(?![\\p{L}\\p{N}])`, 'iu')

/** Whether a short answer begins by saying that it is none. Linear: reads 240 units. */
export function isRefusal(answer: string): boolean {
  const text = answer.trim()
  return text.length <= MAX_UNITS && REFUSAL.test(text.slice(0, REACH).replaceAll('’', "'"))
}
