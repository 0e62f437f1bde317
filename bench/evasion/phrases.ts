/** How people of eight languages introduce an identifier, and how they read one aloud. */
import type { Kind, Language } from './values.ts'

/** Sentences with `{}` where the value stands. */
export const SENTENCES: Readonly<Record<Language, Readonly<Record<Kind, readonly string[]>>>> = {
  en: {
    card: ['My card number is {}.', 'Please charge the credit card {} for this order.', 'card: {}'],
    iban: ['Send the money to IBAN {}.', 'The account for the refund is {}, thanks.', 'IBAN: {}'],
    national: ['My NHS number is {}.', 'NHS number: {}', 'The patient with NHS number {} called again.'],
    email: ['Write to me: {}', 'My email address is {}.', 'You can contact {} for the details.'],
    phone: ['My phone number is {}.', 'Call me on {} tomorrow.', 'phone: {}'],
    ip: ['The login came from the IP address {}.', 'IP: {}', 'Block the host at {} please.'],
    name: ['My name is {}.', 'Please write a letter to {}.', 'The patient {} was seen on Monday.'],
  },
  de: {
    card: [
      'Meine Kreditkartennummer ist {}.',
      'Bitte belasten Sie die Karte {} mit dem Betrag.',
      'Kartennummer: {}',
    ],
    iban: ['Bitte überweisen Sie auf die IBAN {}.', 'Das Konto lautet {}, danke.', 'IBAN: {}'],
    national: [
      'Meine Steuer-ID ist {}.',
      'Steueridentifikationsnummer: {}',
      'Die Steuer-ID {} gehört zu mir.',
    ],
    email: ['Schreiben Sie an {}', 'Meine E-Mail-Adresse ist {}.', 'Kontakt: {}'],
    phone: ['Meine Telefonnummer ist {}.', 'Rufen Sie mich morgen unter {} an, Telefon.', 'Tel.: {}'],
    ip: ['Die Anmeldung kam von der IP-Adresse {}.', 'IP: {}', 'Bitte die IP {} sperren.'],
    name: ['Mein Name ist {}.', 'Bitte schreiben Sie einen Brief an {}.', 'Herr {} war am Montag hier.'],
  },
  fr: {
    card: ['Mon numéro de carte est {}.', 'Veuillez débiter la carte bancaire {} du montant.', 'carte : {}'],
    iban: ["Merci de virer sur l'IBAN {}.", 'Le compte pour le remboursement est {}, merci.', 'IBAN : {}'],
    national: ['Mon numéro de sécurité sociale est {}.', 'Sécurité sociale : {}', 'Le NIR {} est le mien.'],
    email: ['Écrivez-moi : {}', 'Mon adresse e-mail est {}.', 'Contact : {}'],
    phone: ['Mon numéro de téléphone est {}.', 'Appelez-moi au {} demain, portable.', 'Tél. : {}'],
    ip: ["La connexion venait de l'adresse IP {}.", 'IP : {}', "Bloquez l'IP {} s'il vous plaît."],
    name: ["Je m'appelle {}.", 'Écrivez une lettre à {}.', 'Monsieur {} est venu lundi.'],
  },
  es: {
    card: [
      'Mi número de tarjeta es {}.',
      'Por favor cargue la tarjeta de crédito {} con el importe.',
      'tarjeta: {}',
    ],
    iban: ['Envíe el dinero al IBAN {}.', 'La cuenta para el reembolso es {}, gracias.', 'IBAN: {}'],
    national: ['Mi DNI es {}.', 'DNI: {}', 'El titular con DNI {} llamó otra vez.'],
    email: ['Escríbame: {}', 'Mi correo electrónico es {}.', 'Contacto: {}'],
    phone: ['Mi número de teléfono es {}.', 'Llámeme al teléfono {} mañana.', 'Tel.: {}'],
    ip: ['El acceso vino de la dirección IP {}.', 'IP: {}', 'Bloquee la IP {} por favor.'],
    name: ['Me llamo {}.', 'Escriba una carta a {}.', 'El señor {} vino el lunes.'],
  },
  it: {
    card: [
      'Il numero della mia carta è {}.',
      'Addebiti la carta di credito {} per favore.',
      'carta di credito: {}',
    ],
    iban: ["Invii il denaro all'IBAN {}.", 'Il conto per il rimborso è {}, grazie.', 'IBAN: {}'],
    national: ['Il mio codice fiscale è {}.', 'Codice fiscale: {}', 'Il codice fiscale {} è il mio.'],
    email: ['Mi scriva: {}', 'Il mio indirizzo e-mail è {}.', 'Contatto: {}'],
    phone: ['Il mio numero di telefono è {}.', 'Mi chiami al cellulare {} domani.', 'Tel.: {}'],
    ip: ["L'accesso veniva dall'indirizzo IP {}.", 'IP: {}', "Blocchi l'IP {} per favore."],
    name: ['Mi chiamo {}.', 'Scriva una lettera a {}.', 'Il signor {} è venuto lunedì.'],
  },
  nl: {
    card: ['Mijn kaartnummer is {}.', 'Belast de creditcard {} met het bedrag.', 'creditcard: {}'],
    iban: ['Maak het geld over naar IBAN {}.', 'De rekening is {}, bedankt.', 'IBAN: {}'],
    national: ['Mijn burgerservicenummer is {}.', 'BSN: {}', 'De cliënt met BSN {} belde weer.'],
    email: ['Schrijf naar {}', 'Mijn e-mailadres is {}.', 'Contact: {}'],
    phone: ['Mijn telefoonnummer is {}.', 'Bel me morgen op mobiel {} terug.', 'Tel.: {}'],
    ip: ['De aanmelding kwam van IP-adres {}.', 'IP: {}', 'Blokkeer het IP {} alsjeblieft.'],
    name: ['Mijn naam is {}.', 'Schrijf een brief aan {}.', 'De heer {} was maandag hier.'],
  },
  pl: {
    card: [
      'Numer mojej karty to {}.',
      'Proszę obciążyć kartę kredytową {} tą kwotą, karta moja.',
      'karta: {}',
    ],
    iban: ['Proszę przelać na IBAN {}.', 'Numer konta to {}, dziękuję.', 'IBAN: {}'],
    national: ['Mój PESEL to {}.', 'PESEL: {}', 'Pacjent z numerem PESEL {} dzwonił znowu.'],
    email: ['Proszę pisać na {}', 'Mój adres e-mail to {}.', 'Kontakt: {}'],
    phone: ['Mój numer telefonu to {}.', 'Proszę zadzwonić jutro, telefon {}.', 'Tel.: {}'],
    ip: ['Logowanie przyszło z adresu IP {}.', 'IP: {}', 'Proszę zablokować IP {} teraz.'],
    name: ['Nazywam się {}.', 'Proszę napisać list do: {}.', 'Pan {} był tu w poniedziałek.'],
  },
  pt: {
    card: [
      'O número do meu cartão é {}.',
      'Por favor debite o cartão de crédito {} com o valor.',
      'cartão: {}',
    ],
    iban: ['Envie o dinheiro para o IBAN {}.', 'A conta para o reembolso é {}, obrigado.', 'IBAN: {}'],
    national: ['O meu NIF é {}.', 'NIF: {}', 'O contribuinte com NIF {} ligou de novo.'],
    email: ['Escreva-me: {}', 'O meu e-mail é {}.', 'Contacto: {}'],
    phone: ['O meu número de telefone é {}.', 'Ligue-me para o telemóvel {} amanhã.', 'Tel.: {}'],
    ip: ['O acesso veio do endereço IP {}.', 'IP: {}', 'Bloqueie o IP {} por favor.'],
    name: ['O meu nome é {}.', 'Escreva uma carta a {}.', 'O senhor {} veio na segunda-feira.'],
  },
}

/** What is said when an identifier is read aloud. */
export interface Spoken {
  readonly digits: readonly string[]
  readonly double: string
  readonly at: string
  readonly dot: string
  readonly dash: string
  readonly plus: string
}

const spoken = (
  digits: string,
  double: string,
  at: string,
  dot: string,
  dash: string,
  plus = 'plus',
): Spoken => ({
  digits: digits.split(' '),
  double,
  at,
  dot,
  dash,
  plus,
})

/** Words of the languages. */
export const SPOKEN: Readonly<Record<Language, Spoken>> = {
  en: spoken('zero one two three four five six seven eight nine', 'double', 'at', 'dot', 'dash'),
  de: spoken('null eins zwei drei vier fünf sechs sieben acht neun', 'doppel', 'ät', 'Punkt', 'Strich'),
  fr: spoken('zéro un deux trois quatre cinq six sept huit neuf', 'double', 'arobase', 'point', 'tiret'),
  es: spoken(
    'cero uno dos tres cuatro cinco seis siete ocho nueve',
    'doble',
    'arroba',
    'punto',
    'guion',
    'más',
  ),
  it: spoken(
    'zero uno due tre quattro cinque sei sette otto nove',
    'doppio',
    'chiocciola',
    'punto',
    'trattino',
    'più',
  ),
  nl: spoken(
    'nul een twee drie vier vijf zes zeven acht negen',
    'dubbel',
    'apenstaartje',
    'punt',
    'streepje',
  ),
  pl: spoken(
    'zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć',
    'podwójne',
    'małpa',
    'kropka',
    'myślnik',
  ),
  pt: spoken(
    'zero um dois três quatro cinco seis sete oito nove',
    'duplo',
    'arroba',
    'ponto',
    'hífen',
    'mais',
  ),
}

/** Tens and what joins them to a unit, for numbers read in pairs. */
export const TENS: Readonly<Record<Language, (tens: number, units: number) => string>> = {
  en: (tens, units) =>
    `${'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')[tens - 2]}${units === 0 ? '' : `-${SPOKEN.en.digits[units]}`}`,
  de: (tens, units) =>
    (units === 0 ? '' : `${units === 1 ? 'ein' : SPOKEN.de.digits[units]}und`) +
    'zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig'.split(' ')[tens - 2],
  fr: (tens, units) => {
    const names = 'vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt'.split(' ')
    const teens = 'dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf'.split(' ')
    const base = names[tens - 2] ?? ''
    if (tens === 7 || tens === 9) return `${base}${tens === 7 && units === 1 ? ' et ' : '-'}${teens[units]}`
    if (units === 0) return tens === 8 ? 'quatre-vingts' : base
    return units === 1 && tens < 8 ? `${base} et un` : `${base}-${SPOKEN.fr.digits[units]}`
  },
  es: (tens, units) => {
    const names = 'veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa'.split(' ')
    if (units === 0) return names[tens - 2] ?? ''
    if (tens === 2)
      return (
        'veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve'.split(
          ' ',
        )[units - 1] ?? ''
      )
    return `${names[tens - 2]} y ${SPOKEN.es.digits[units]}`
  },
  it: (tens, units) => {
    const name =
      'venti trenta quaranta cinquanta sessanta settanta ottanta novanta'.split(' ')[tens - 2] ?? ''
    if (units === 0) return name
    const stem = units === 1 || units === 8 ? name.slice(0, -1) : name
    return stem + (units === 3 ? 'tré' : SPOKEN.it.digits[units])
  },
  nl: (tens, units) => {
    const name = 'twintig dertig veertig vijftig zestig zeventig tachtig negentig'.split(' ')[tens - 2] ?? ''
    if (units === 0) return name
    const unit = SPOKEN.nl.digits[units] ?? ''
    return `${unit}${unit.endsWith('e') ? 'ën' : 'en'}${name}`
  },
  pl: (tens, units) =>
    `${'dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt'.split(' ')[tens - 2]}${units === 0 ? '' : ` ${SPOKEN.pl.digits[units]}`}`,
  pt: (tens, units) =>
    `${'vinte trinta quarenta cinquenta sessenta setenta oitenta noventa'.split(' ')[tens - 2]}${units === 0 ? '' : ` e ${SPOKEN.pt.digits[units]}`}`,
}
