/** Identifiers without a country: wallets, devices, vehicles, bank codes, coordinates, handles. */
import { createHash } from 'node:crypto'
import { digitsOf, isLuhn, isRepeated } from '../checksums.ts'
import { contextWords } from '../context.ts'
import { isFraction } from '../counts.ts'
import { definePattern, example } from '../define.ts'
import type { TextScan } from '../scan.ts'
import type { Recogniser } from '../types.ts'

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** Whether a base-58 string ends in the first four bytes of its double SHA-256. Source: Bitcoin, base58.h. */
export function isBase58Check(text: string): boolean {
  const bytes: number[] = []
  for (const character of text) {
    let carry = BASE58.indexOf(character)
    if (carry < 0) return false
    for (let i = 0; i < bytes.length; i += 1) {
      carry += (bytes[i] ?? 0) * 58
      bytes[i] = carry & 0xff
      carry >>= 8
    }
    for (; carry > 0; carry >>= 8) bytes.push(carry & 0xff)
  }
  for (const character of text) {
    if (character !== '1') break
    bytes.push(0)
  }
  const whole = Uint8Array.from(bytes.reverse())
  if (whole.length < 6) return false
  return sha256(sha256(whole.subarray(0, -4)))
    .subarray(0, 4)
    .equals(whole.subarray(-4))
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'

/** Whether a Bech32 or Bech32m string has the right checksum. Source: BIP 173, BIP 350. */
export function isBech32(text: string): boolean {
  const lower = text.toLowerCase()
  const split = lower.lastIndexOf('1')
  const values: number[] = []
  for (let i = 0; i < split; i += 1) values.push(lower.charCodeAt(i) >> 5)
  values.push(0)
  for (let i = 0; i < split; i += 1) values.push(lower.charCodeAt(i) & 31)
  for (let i = split + 1; i < lower.length; i += 1) {
    const value = BECH32.indexOf(lower.charAt(i))
    if (value < 0) return false
    values.push(value)
  }
  let check = 1
  for (const value of values) {
    const top = check >>> 25
    check = ((check & 0x1ffffff) << 5) ^ value
    const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
    for (let bit = 0; bit < 5; bit += 1) if (((top >>> bit) & 1) === 1) check ^= generators[bit] ?? 0
  }
  return split > 0 && (check === 1 || check === 0x2bc830a3)
}

/** Starts of the long tokens of a text. */
const blobStarts = (scan: TextScan, text: string): readonly number[] => {
  const starts: number[] = []
  for (let i = 0; i < scan.blobs.length; i += 2) {
    const end = scan.blobs[i + 1] ?? 0
    for (let at = scan.blobs[i] ?? 0; at < end - 20; at += 1) {
      const inside = at > 0 && /[A-Za-z0-9]/u.test(text.charAt(at - 1))
      if (!inside && '13LDMXrbltBL0a'.includes(text.charAt(at))) starts.push(at)
    }
  }
  return starts
}

const bitcoin = definePattern({
  id: 'wallet_base58',
  entity: 'CRYPTO_WALLET',
  pattern: /[13LDMXr][1-9A-HJ-NP-Za-km-z]{25,34}/u,
  starts: blobStarts,
  validate: (value) => isBase58Check(value),
  scores: { plain: 0.97 },
  about: { checksum: 'Base58Check, double SHA-256', source: 'Bitcoin, base58.h; Litecoin, Dogecoin, Dash' },
  examples: [
    example('pay 16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ now', '16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ'),
    example('3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy', '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy'),
    example('(1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa)', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'),
    example('16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyY'),
    example('1234567890123456789012345678901'),
    example('3J98t1WpEZ73CNmQviecrnyiWrnqRhWNL'),
  ],
})

const bech32 = definePattern({
  id: 'wallet_bech32',
  entity: 'CRYPTO_WALLET',
  pattern: /(?:bc1|tb1|ltc1|BC1|TB1|LTC1|addr1)[02-9ac-hj-np-zAC-HJ-NP-Z]{25,110}/u,
  starts: blobStarts,
  validate: (value) => isBech32(value),
  scores: { plain: 0.97 },
  about: { checksum: 'Bech32', source: 'BIP 173, BIP 350, CIP 19' },
  examples: [
    example('to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq', 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq'),
    example(
      'bc1p5d7rjq7g6rdk2yhzks9smlaqtedr4dekq08ge8ztwac72sfr9rusxg3297',
      'bc1p5d7rjq7g6rdk2yhzks9smlaqtedr4dekq08ge8ztwac72sfr9rusxg3297',
    ),
    example('BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4', 'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4'),
    example('bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp'),
    example('bc1qar0'),
    example('abc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq'),
  ],
})

const ethereum = definePattern({
  id: 'wallet_ethereum',
  entity: 'CRYPTO_WALLET',
  pattern: /0x[0-9a-fA-F]{40}/u,
  starts: blobStarts,
  scores: { plain: 0.9 },
  structured: true,
  about: { source: 'Ethereum Yellow Paper; EIP-55' },
  examples: [
    example('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed sent', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'),
    example('=0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359', '0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359'),
    example('"0x52908400098527886E0F7030069857D2E4169EE7"', '0x52908400098527886E0F7030069857D2E4169EE7'),
    example('0xdeadbeef'),
    example(`0x${'a1b2'.repeat(16)}`),
    example('x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'),
  ],
})

const imei = definePattern({
  id: 'imei',
  entity: 'COOKIE_OR_DEVICE_ID',
  pattern: /[0-9]{2}[- ]?[0-9]{6}[- ]?[0-9]{6}[- ]?[0-9]/u,
  digits: 15,
  validate: (value) => isLuhn(digitsOf(value)) && !isRepeated(digitsOf(value)),
  context: ['imei', 'imeis', 'device', 'handset', 'phone', 'mobile', 'gerät', 'téléphone', 'móvil'],
  scores: { context: 0.9 },
  about: { subtype: 'IMEI', checksum: 'Luhn', source: '3GPP TS 23.003; GSMA TS.06' },
  examples: [
    example('IMEI 490154203237518', '490154203237518'),
    example('device 35-209900-176148-1', '35-209900-176148-1'),
    example('imei: 35 209900 176148 1', '35 209900 176148 1'),
    example('IMEI 490154203237519'),
    example('order 490154203237518'),
    example('IMEI 000000000000000'),
  ],
})

const VIN_VALUES: Readonly<Record<string, number>> = Object.fromEntries(
  [...'ABCDEFGH']
    .map((letter, i) => [letter, i + 1] as const)
    .concat(
      [...'JKLMN'].map((letter, i) => [letter, i + 1] as const),
      [
        ['P', 7],
        ['R', 9],
      ],
      [...'STUVWXYZ'].map((letter, i) => [letter, i + 2] as const),
    ),
)

/** Whether the ninth character is the check digit (North America, China). Source: 49 CFR 565.15. */
export function isVin(vin: string): boolean {
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
  let sum = 0
  for (let i = 0; i < 17; i += 1)
    sum += (VIN_VALUES[vin.charAt(i)] ?? Number(vin.charAt(i))) * (weights[i] ?? 0)
  return '0123456789X'.charAt(sum % 11) === vin.charAt(8)
}

const vin = definePattern({
  id: 'vin',
  entity: 'VEHICLE_ID',
  pattern: /(?=[A-HJ-NPR-Z0-9]{0,12}[0-9]{3})[A-HJ-NPR-Z0-9]{17}/iu,
  starts: (scan, text) => vinStarts(scan, text),
  validate: (value, { input, index }) =>
    isVin(value.toUpperCase()) && /[A-Z]/iu.test(value) && !isRepeated(value) && !isFraction(input, index),
  scores: { plain: 0.85 },
  about: { subtype: 'VIN', checksum: 'VIN modulo 11', source: 'ISO 3779; 49 CFR 565.15' },
  examples: [
    example('VIN 1M8GDM9AXKP042788', '1M8GDM9AXKP042788'),
    example('car 5gzcz43d13s812715', '5gzcz43d13s812715'),
    example('1HGCM82633A004352', '1HGCM82633A004352'),
    example('1M8GDM9AXKP042789'),
    example('11111111111111111'),
    example('3.3196151272019444e+21'),
    example('INTERNATIONALISED'),
  ],
})

/** Long tokens of exactly the length of a vehicle identification number. */
function vinStarts(scan: TextScan, text: string): readonly number[] {
  const { starts, ends, count } = scan.words
  const found: number[] = []
  if (scan.numbers.most < 3) return found
  for (let i = 0; i < count; i += 1) {
    const start = starts[i] ?? 0
    if ((ends[i] ?? 0) - start === 17 && text.length >= start + 17) found.push(start)
  }
  return found
}

/** ISO 3166-1 alpha-2, and XK as the registry of BICs has it. */
const COUNTRIES: ReadonlySet<string> = new Set(
  (
    'AD AE AF AG AI AL AM AO AR AS AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CU CV CW CY CZ ' +
    'DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS ' +
    'IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ ' +
    'NA NC NE NG NI NL NO NP NR NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST SV SX SY ' +
    'SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'
  ).split(' '),
)

const bic = definePattern({
  id: 'bic',
  entity: 'BANK_ACCOUNT',
  pattern:
    /(?:bic|swift|swift-code|swift code|bic\/swift|swift\/bic)(?: ?code)?[ \t:=#-]{1,4}(?:is )?(?<value>[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)/iu,
  words: ['bic', 'swift'],
  validate: (value) => value === value.toUpperCase() && COUNTRIES.has(value.slice(4, 6)),
  scores: { plain: 0.85 },
  structured: true,
  about: { subtype: 'BIC', source: 'ISO 9362' },
  examples: [
    example('BIC: DEUTDEFF500', 'DEUTDEFF500'),
    example('SWIFT code COBADEFFXXX', 'COBADEFFXXX'),
    example('bic DEUTDEFF', 'DEUTDEFF'),
    example('swift response'),
    example('BIC lighter'),
    example('Taylor Swift'),
  ],
})

const COORDINATE_WORDS = contextWords([
  'lat',
  'latitude',
  'longitude',
  'lng',
  'lon',
  'coordinates',
  'koordinaten',
  'coordonnées',
  'coordenadas',
  'coordinate',
  'coördinaten',
  'współrzędne',
  'gps',
  'location',
  'located',
])

const decimalCoordinates = definePattern({
  id: 'coordinates',
  entity: 'LOCATION',
  pattern:
    /(?<=(?:^|[^0-9.,])[-+]?)(?:90|[0-8]?[0-9])\.[0-9]{4,15} ?°? ?[NS]?[,;/ ]{1,3}[-+]?(?:180|1[0-7][0-9]|[0-9]?[0-9])\.[0-9]{4,15}(?: ?°? ?[EWO](?![\p{L}]))?(?![0-9.])/u,
  digits: 10,
  boundary: 'none',
  // Two small numbers are shares or coefficients far more often than a point of the Atlantic beside the zero meridian.
  validate: (value, match) =>
    /[1-9][0-9]\.|[°NSEWO]/u.test(value) ||
    COORDINATE_WORDS.isNear(match.input, { start: match.index, end: match.index + value.length }),
  scores: { plain: 0.7 },
  about: { subtype: 'COORDINATES', source: 'ISO 6709' },
  examples: [
    example('at 52.520008, 13.404954', '52.520008, 13.404954'),
    example('lat/lon 40.7128° N, 74.0060° W', '40.7128° N, 74.0060° W'),
    example('(48.8566;2.3522)', '48.8566;2.3522'),
    example('latitude and longitude: 5.6037, -0.1870', '5.6037, -0.1870'),
    example('0.12, 0.34'),
    example('A. 0.9887, 0.00366'),
    example('1234.5678, 13.4049'),
    example('3.14159265'),
  ],
})

const degrees = definePattern({
  id: 'coordinates_degrees',
  entity: 'LOCATION',
  pattern:
    /(?:90|[0-8]?[0-9]) ?° ?[0-5]?[0-9] ?['′](?: ?[0-5]?[0-9](?:\.[0-9]{1,6})? ?(?:"|″|''))? ?[NS],? {0,2}(?:180|1[0-7][0-9]|[0-9]?[0-9]) ?° ?[0-5]?[0-9] ?['′](?: ?[0-5]?[0-9](?:\.[0-9]{1,6})? ?(?:"|″|''))? ?[EWO]/u,
  digits: 2,
  boundary: 'word',
  scores: { plain: 0.85 },
  structured: true,
  about: { subtype: 'COORDINATES', source: 'ISO 6709, annex D' },
  examples: [
    example('52°31\'12"N 13°24\'18"E', '52°31\'12"N 13°24\'18"E'),
    example("40° 42' N, 74° 0' W", "40° 42' N, 74° 0' W"),
    example('48°51\'24.2"N, 2°21\'03"E', '48°51\'24.2"N, 2°21\'03"E'),
    example("52° and 13'"),
    example('90° turn'),
    example("12°C 5' N"),
  ],
})

const handle = definePattern({
  id: 'handle',
  entity: 'USERNAME',
  pattern:
    /(?<![\p{L}\p{N}_@./:=-])@(?!(?:media|import|param|return|returns|throws|type|typedef|see|link|since|version|author|deprecated|override|property|class|staticmethod|classmethod|app|pytest|dataclass|keyframes|font|charset|supports|page|layer|apply|tailwind|include|mixin|extend|use|forward|component|injectable|input|output|test|before|after|autowired|entity|id|column|types?|babel|angular|vue|react|nestjs|latest|next|everyone|here|channel|all)(?![\p{L}\p{N}_]))[A-Za-z_](?:[\w.]{1,38})(?<!\.)(?![\w@/(=-]|\.\w|:\S)/iu,
  starts: (scan) => scan.ats,
  boundary: 'none',
  // At the start of a line `@word` is an annotation or a decorator, unless it has a digit or underscore or somebody
  // is spoken to: words behind it, and none of the marks of code.
  validate: (value, match) => {
    if (/[0-9_]/u.test(value)) return true
    const before = match.input.slice(Math.max(0, match.index - 24), match.index)
    if (!/(?:^|\n)[ \t]{0,16}(?:\*|\/\/|\/\*\*|#|--)?[ \t]{0,4}$/u.test(before)) return true
    if (/[*/#-]/u.test(before)) return false
    const end = match.index + match[0].length
    const line = match.input.slice(end, end + 200).split('\n', 1)[0] ?? ''
    return (
      /^:?[ \t]+(?:@\w+[ \t]+){0,4}[\p{L}"'(]+(?:[ \t,!?.]|$)/u.test(line) && !/[{};=<>]|\w\(/u.test(line)
    )
  },
  scores: { plain: 0.6 },
  about: { subtype: 'HANDLE', source: 'the services’ rules for user names' },
  examples: [
    example('thanks @jane_doe99!', '@jane_doe99'),
    example('(@janedoe) on chat', '@janedoe'),
    example('cc @j.doe, ok', '@j.doe'),
    example('@janedoe happy birthday!', '@janedoe'),
    example('RT @_janedoe: what a day', '@_janedoe'),
    example('@Override public void run() {}'),
    example('@Autowired\nprivate Service service;'),
    example('@media screen and @param x'),
    example('jane@example.com'),
    example('npm i @scope/name and @app.route("/")'),
  ],
})

const userName = definePattern({
  id: 'labelled_username',
  entity: 'USERNAME',
  pattern:
    /(?:user ?name|user[ _-]?id|login(?: name)?|log in|user|screen name|nick ?name|handle|account name|benutzername|nutzername|benutzer|anmeldename|identifiant|nom d'utilisateur|pseudo|usuario|nombre de usuario|utente|nome utente|usuário|nome de usuário|gebruikersnaam|nazwa użytkownika|användarnamn|brugernavn|brukernavn|käyttäjätunnus|логин|имя пользователя|用户名|ユーザー名|skype|telegram|discord|instagram|twitter|github|gitlab|snapchat|tiktok)["'`]?(?:[ \t]{0,2}[:=][ \t]{0,2}| (?:is|as|ist|lautet|est|es|è|é) | (?=[\w.-]{0,30}[0-9_])| id )["'`@]{0,2}(?<value>[\p{L}\p{N}](?:[\p{L}\p{N}_.-]{1,38})[\p{L}\p{N}_])(?![(<[])/iu,
  words: [
    'username',
    'user name',
    'user id',
    'userid',
    'user',
    'login',
    'log in',
    'screen name',
    'nickname',
    'nick name',
    'handle',
    'account name',
    'benutzername',
    'nutzername',
    'benutzer',
    'anmeldename',
    'identifiant',
    "nom d'utilisateur",
    'pseudo',
    'usuario',
    'nombre de usuario',
    'utente',
    'nome utente',
    'usuário',
    'nome de usuário',
    'gebruikersnaam',
    'nazwa użytkownika',
    'användarnamn',
    'brugernavn',
    'brukernavn',
    'käyttäjätunnus',
    'логин',
    'имя пользователя',
    '用户名',
    'ユーザー名',
    'skype',
    'telegram',
    'discord',
    'instagram',
    'twitter',
    'github',
    'gitlab',
    'snapchat',
    'tiktok',
  ],
  validate: (value, match) => isUserName(value, match),
  scores: { plain: 0.65 },
  about: { subtype: 'LABELLED', source: 'labels in 15 languages' },
  examples: [
    example('username: jdoe42', 'jdoe42'),
    example('Login as bzimmerman with', 'bzimmerman'),
    example('issued to user richard04.', 'richard04'),
    example('username: string'),
    example('the user is required to log in'),
    example('user: User, login = true'),
  ],
})

const NOT_A_NAME =
  /^(?:string|str|text|varchar|null|none|nil|true|false|undefined|required|optional|number|integer|int|user|users|admin|root|any|object|the|a|an|not|your|my|this|that|self|here|name|email|password|page|form|button|failed|successful|error|invalid|unknown|anonymous|input|output|value|field|data|default|assistant|system|and|or|to|in|on|at|of|by|for|is|was|are|be|soon|possible|well|default|guest|test|yes|no|now|able|logged|new|old|same|process|request|req|ctx|context|session|config|props|state)$/iu

/** Without an assignment a name must look made: with a digit or underscore, or behind `as`. */
function isUserName(value: string, match: RegExpExecArray): boolean {
  if (NOT_A_NAME.test(value) || value.length > 32) return false
  const link = match[0].slice(0, match[0].length - value.length)
  const made = /[0-9_]/u.test(value)
  if (/[:=]/u.test(link)) return made || !/[.(]|^\p{Lu}/u.test(value)
  return made || (/ as /iu.test(link) && /^\p{Ll}+$/u.test(value))
}

const uuid = definePattern({
  id: 'labelled_uuid',
  entity: 'COOKIE_OR_DEVICE_ID',
  pattern: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/iu,
  digits: 1,
  boundary: 'word',
  context: [
    'idfa',
    'idfv',
    'gaid',
    'aaid',
    'advertising id',
    'advertising identifier',
    'device id',
    'device identifier',
    'udid',
    'visitor id',
    'cookie',
    'tracking id',
    'werbe-id',
    'geräte-id',
  ],
  scores: { context: 0.85 },
  about: { subtype: 'ADVERTISING_ID', source: 'RFC 9562; platform advertising identifiers' },
  examples: [
    example('IDFA: 6D92078A-8246-4BA4-AE5B-76104861E7DC', '6D92078A-8246-4BA4-AE5B-76104861E7DC'),
    example('device id 38400000-8cf0-11bd-b23e-10b96e40000d', '38400000-8cf0-11bd-b23e-10b96e40000d'),
    example('cookie=6d92078a-8246-4ba4-ae5b-76104861e7dc', '6d92078a-8246-4ba4-ae5b-76104861e7dc'),
    example('request 6d92078a-8246-4ba4-ae5b-76104861e7dc'),
    example('commit 6d92078a8246'),
    example('device id unknown'),
  ],
})

const cookie = definePattern({
  id: 'cookie',
  entity: 'COOKIE_OR_DEVICE_ID',
  pattern:
    /(?:_ga|_gid|_fbp|_fbc|_gcl_au|ga|fr|datr|sid|sessionid|phpsessid|jsessionid|connect\.sid|asp\.net_sessionid|csrftoken|xsrf-token|laravel_session|__utma|__cfduid|amplitude_id|ajs_anonymous_id)["']?[=:][ ]?["']?(?<value>[A-Za-z0-9%._|~-]{8,512})/iu,
  words: [
    '_ga',
    'ga',
    'gid',
    'fbp',
    'fbc',
    'gcl',
    'fr',
    'datr',
    'sid',
    'sessionid',
    'phpsessid',
    'jsessionid',
    'connect.sid',
    'asp.net',
    'csrftoken',
    'xsrf',
    'laravel',
    'utma',
    'cfduid',
    'amplitude',
    'ajs',
  ],
  boundary: 'none',
  validate: (value) => /[0-9]/u.test(value),
  scores: { plain: 0.75 },
  about: { subtype: 'COOKIE', source: 'RFC 6265; the services’ cookie lists' },
  examples: [
    example('Cookie: sessionid=38afes7a8; ok', '38afes7a8'),
    example('PHPSESSID=298zf09hf012fh2; path', '298zf09hf012fh2'),
    example('_ga=GA1.2.1234567.7654321', 'GA1.2.1234567.7654321'),
    example('sid=abc'),
    example('ga = value'),
    example('fr: french-words'),
  ],
})

/** All of this file. */
export const GLOBAL_IDS: readonly Recogniser[] = [
  bitcoin,
  bech32,
  ethereum,
  imei,
  vin,
  bic,
  decimalCoordinates,
  degrees,
  handle,
  userName,
  uuid,
  cookie,
]
