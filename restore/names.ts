/** Parts of people's names: what of a full name is a name by itself. */

/** Titles and forms of address, folded; none of them is a name. */
const TITLES = new Set(
  (
    'mr mrs miss ms mx mister madam dame sir lord lady dr doctor prof professor rev reverend hon capt captain ' +
    'col colonel gen general sgt sergeant lt lieutenant judge president senator herr frau fraulein dipl ing ' +
    'monsieur madame mademoiselle mme mlle senor senora senorita don dona signor signora signorina sig dott ' +
    'dottore avv senhor senhora mevrouw meneer pan pani san sama sensei jun sen junior senior iii esq phd msc ' +
    'mba and und the'
  ).split(' '),
)

/**
 * Names that are words as well. Capitalised they are taken for the name; in lower case they stand for the word,
 * so `white wine` survives a request about James White. Folded; compiled by hand for the languages named.
 */
const WORDS = new Set(
  // English
  (
    'amber angel april art august autumn baker banks bell berry best bill bishop black bloom bond booth ' +
    'brook brooks brown burns bush butler carpenter carter chance chase chip christian church clay cliff ' +
    'cole cook crystal daisy dale dawn day dean dear duke early earl earnest eve faith farmer ' +
    'field fields fisher flower ford forest foster fox frank gay gene ginger glen gold good grace grant gray ' +
    'green grey grove guy hall hand harmony heath heather hill hills holly hope house hunter iris ivy jade ' +
    'jewel joy june justice king knight lake lance lane law lily long love major marina mark marks marsh ' +
    'mason max may melody mercy miles mill mills miller moon morning nick noble norm olive page park parks ' +
    'pat patience peace pearl penny piper pitt pool pope potter powers precious price prince queen rain ' +
    'rainbow ray reed reeds rich river rivers rob robin rock rocky rod rose rosemary ruby rush rusty sage ' +
    'savage scout season shaw shepherd short singer sky smart smith snow spring star sterling stone storm ' +
    'strong sue summer sunny swan sweet taylor temple terry thorn tiger tucker turner victor violet wade ' +
    'walker wall walls ward warden waters weaver web west white wild will willow wise wolf wood woods worth ' +
    'wright young ' +
    'ball beam bean beck bird bob buck case cash cope dash don dove duck east else even gale gore hawk head hood ' +
    'hull hunt hyde jack jean josh keen kidd kirk lamb lord luck mead moss nash nice noon odd peck peel pike pine ' +
    'pole pond post rice ring root rust sand self song teal ted tom true tuck vale ware well wick ' +
    // German: nouns are capitalised, so only adjectives, verbs and prepositions
    'braun fein gross grun gut hart jung klein kraft kuhn kurz lang lange neu reich rein scharf schwarz sommer ' +
    'stark stern stolz weiss wild ' +
    // French, Italian, Spanish, Portuguese, Dutch
    'blanc bon brun claire fleur fontaine grand jardin joly jolie marchand marin moulin noel noir petit pierre ' +
    'roche roi rouge roux angelo bianca bianco bruno chiara costa fiore gentile grande greco leone luce marino ' +
    'monte neri oro piazza rossa rosso serena sole stella vita vittoria alegria blanca blanco bravo campo campos ' +
    'castillo clara consuelo cruz delgado dolores esperanza estrella flor flores fuente fuentes gallo gloria ' +
    'guerra guerrero hermoso hierro iglesia iglesias leon luna luz maestro mar mercedes mesa montes mora moreno ' +
    'palacios paz perla pilar pino prado ramos rey reyes rico rio rios rojo rosa rosario rubio salas santa santos ' +
    'sol soledad soto torre torres valle vega vera verdad verde victoria virgen branco leite lobo machado pinto ' +
    'rocha bakker boer groot jong klein koning meer prins wit'
  ).split(' '),
)

/** Whether a folded name is also a word that is written in lower case. */
export function isAlsoWord(folded: string): boolean {
  return WORDS.has(folded)
}

/**
 * Words that name nobody, folded: a speaker called `user`, a title such as `assistant`, the password `password`.
 * They are replaced where they were found and left alone everywhere else.
 */
const GENERIC = new Set(
  (
    'user assistant system admin administrator root bot tool function developer agent human model customer client ' +
    'support guest test example exampleuser exampleassistant anonymous unknown none null true false undefined name ' +
    'email phone address password username person contact company office team message content text string number ' +
    'value data query question answer result input output error document file image object array type role ' +
    // Keywords of programming languages and formats
    'import from class def return const let var function int float double bool boolean char void static public ' +
    'private protected new delete if else for while do switch case break continue try catch throw throws finally ' +
    'extends implements interface package struct enum union as in is not and or self this super async await yield ' +
    'lambda print printf include define using namespace uint long short byte main args argv api config json xml html ' +
    'css http https sql csv pdf url uri id uuid todo fixme datetime docker region success fail failed accepted macro'
  ).split(' '),
)

/** Whether a folded value says nothing by itself. */
export function isGeneric(folded: string): boolean {
  return GENERIC.has(folded)
}

const SEPARATORS = /[\s,;/]+/u
const HYPHENS = /[-\u2010\u2011]/u
const EDGES = /^[^\p{L}]+|[^\p{L}\p{M}]+$/gu
const LOWER_FIRST = /^\p{Ll}/u
const ENOUGH_LETTERS = /^(?:\p{L}[\p{M}'\u2019-]{0,4}){3}/u
const POSSESSIVE = /['\u2019]s?$/u

/**
 * The given and family names in a full name: words of three letters or more, without titles, particles (`van`)
 * and possessive endings; a double name also gives its halves. Empty for a name of one word. At most 12.
 */
export function partsOfName(name: string): readonly string[] {
  const words = name
    .slice(0, 200)
    .split(SEPARATORS)
    .filter((word) => word !== '')
  if (words.length < 2) return []
  const capitals = words.some((word) => !LOWER_FIRST.test(word))
  const parts: string[] = []
  for (const word of words) {
    const bare = word.replace(EDGES, '').replace(POSSESSIVE, '')
    if (!isName(bare, capitals)) continue
    parts.push(bare)
    const halves = bare.split(HYPHENS)
    if (halves.length > 1) parts.push(...halves.filter((half) => isName(half, capitals)))
  }
  return parts.slice(0, 12)
}

function isName(word: string, capitals: boolean): boolean {
  if (!ENOUGH_LETTERS.test(word)) return false
  if (capitals && LOWER_FIRST.test(word)) return false
  return !TITLES.has(
    word
      .normalize('NFKD')
      .replace(/[\p{M}.]/gu, '')
      .toLowerCase(),
  )
}
