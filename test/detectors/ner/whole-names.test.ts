/** Names are taken whole: with what stands around them in ten languages, and with what belongs to them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDetectors } from '../../../detectors/index.ts'
import { nameHashtags } from '../../../detectors/ner/hashtags.ts'
import { beginLabel, NER_TYPES, OUTSIDE } from '../../../detectors/ner/labels.ts'
import { loadNerModel } from '../../../detectors/ner/recogniser.ts'
import { Tagger } from '../../../detectors/ner/tagger.ts'

const detectors = createDetectors({ ner: true, languages: [], allow: [], deny: [] })

/** What the row is about, a text, and the names in it; the last place where a name stands counts. */
type Row = readonly [about: string, text: string, names: readonly string[]]

const ROWS: readonly Row[] = [
  ['title en', 'Dr. Amelia Hartwell will see you at nine.', ['Amelia Hartwell']],
  ['title en 2', 'Please forward this to Prof. Oyelaran and Mrs Whitcombe.', ['Oyelaran', 'Whitcombe']],
  ['title de', 'Frau Dr. Annegret Wiesner hat den Vertrag geprüft.', ['Annegret Wiesner']],
  ['title de 2', 'Sprechen Sie bitte mit Herrn Rechtsanwalt Böhnke.', ['Böhnke']],
  ['title fr', 'Maître Delacourt a reçu Mme Bérengère Vasseur.', ['Delacourt', 'Bérengère Vasseur']],
  [
    'title es',
    'El Sr. Echeverría y la Dra. Montserrat Ibáñez firmaron.',
    ['Echeverría', 'Montserrat Ibáñez'],
  ],
  [
    'title it',
    'La dott.ssa Ludovica Ferraris ha visitato il sig. Brambilla.',
    ['Ludovica Ferraris', 'Brambilla'],
  ],
  ['title nl', 'Mevrouw Sijtsma belde met dhr. Terpstra.', ['Sijtsma', 'Terpstra']],
  [
    'title pl',
    'Pani Grażyna Wróblewska rozmawiała z panem Kaczmarkiem.',
    ['Grażyna Wróblewska', 'Kaczmarkiem'],
  ],
  ['title pt', 'O Sr. Vasconcelos e a Dra. Filipa Quaresma assinaram.', ['Vasconcelos', 'Filipa Quaresma']],
  ['title sv', 'Herr Lindqvist och fru Ragnhild Åkesson kom sent.', ['Lindqvist', 'Ragnhild Åkesson']],
  ['title da', 'Fru Kirsten Brøgger talte med hr. Lauritsen.', ['Kirsten Brøgger', 'Lauritsen']],
  ['title in JSON', '{"sku":"AB-12","note":"call Mr. Danladi first","n":[1,2]}', ['Danladi']],
  ['title in code', 'const to = name("x") // Mrs Tembeka and Herr Zschoche', ['Tembeka', 'Zschoche']],
  [
    'title in a log',
    'WARN job=17 t=3ms: retry for Sra. Urrutikoetxea, Bay Demirtaş',
    ['Urrutikoetxea', 'Demirtaş'],
  ],
  ['initials', 'The letter was signed by J. R. Pemberton.', ['J. R. Pemberton']],
  [
    'initials 2',
    'Margaret A. Holloway approved it; P.J. Donnelly did not.',
    ['Margaret A. Holloway', 'P.J. Donnelly'],
  ],
  ['initials nl', 'Het rapport van A.M. Hoekstra is klaar.', ['A.M. Hoekstra']],
  ['initials de', 'Gezeichnet: K.-H. Waldschmidt', ['K.-H. Waldschmidt']],
  ['particle nl', 'We spoke to Pieter van der Heijden yesterday.', ['Pieter van der Heijden']],
  ['particle es', 'La paciente María de la Fuente ingresó ayer.', ['María de la Fuente']],
  ['particle ar', 'The visa of Khalid bin Rashid expired.', ['Khalid bin Rashid']],
  ['particle de', 'Der Antrag von Ulrike von der Marwitz liegt vor.', ['Ulrike von der Marwitz']],
  ['particle pt', 'O contrato de João dos Santos foi renovado.', ['João dos Santos']],
  ['particle it', 'Ho scritto a Chiara di Benedetto ieri.', ['Chiara di Benedetto']],
  ['particle fr', 'Le dossier de Hugues de la Tour est complet.', ['Hugues de la Tour']],
  ["O'", "Please call Siobhan O'Callaghan back.", ["Siobhan O'Callaghan"]],
  ["O' curly", 'I met Declan O’Rourke in the lift.', ['Declan O’Rourke']],
  ["D'", "Il contratto di Marco D'Angelo scade domani.", ["Marco D'Angelo"]],
  ['Mc', 'Fiona MacAllister and Ewan McTavish joined.', ['Fiona MacAllister', 'Ewan McTavish']],
  ['hyphen', 'Jean-Baptiste Lefèvre-Moreau est absent.', ['Jean-Baptiste Lefèvre-Moreau']],
  ['hyphen de', 'Hans-Jürgen Müller-Lüdenscheidt wohnt hier.', ['Hans-Jürgen Müller-Lüdenscheidt']],
  ['hyphen en', 'Emily Parker-Bowes sent the form.', ['Emily Parker-Bowes']],
  ['possessive', "This is Deborah Fitzgerald's laptop.", ['Deborah Fitzgerald']],
  ['possessive 2', "James' car and Priya’s bike were stolen.", ['James', 'Priya']],
  ['possessive de', 'Das ist Annikas Rechnung, nicht Torstens.', ['Annikas', 'Torstens']],
  ['surname, given', 'Name: Zielinski, Tomasz', ['Zielinski, Tomasz']],
  [
    'surname, given 2',
    'Attendees: Okonkwo, Chidi; Bergström, Linnea; Haddad, Samira',
    ['Okonkwo, Chidi', 'Bergström, Linnea', 'Haddad, Samira'],
  ],
  ['surname, given fr', 'Nom : LEFEBVRE, Sandrine', ['LEFEBVRE, Sandrine']],
  ['mail', 'From: tkowalczyk\nWrite to agnieszka.wrzos@example.com. Wrzos has the key.', ['Wrzos']],
  [
    'mail 2',
    'Contact: brunhilde_xanten@example.org\n\nxanten will call you back, brunhilde is out.',
    ['xanten', 'brunhilde'],
  ],
  [
    'signature',
    'The files are attached.\n\nBest regards,\nGwendolyn Ashcroft\nAccount Manager',
    ['Gwendolyn Ashcroft'],
  ],
  ['signature de', 'Anbei die Unterlagen.\n\nMit freundlichen Grüßen\nHeinz Obermaier', ['Heinz Obermaier']],
  ['signature fr', 'Voici le devis.\n\nCordialement,\nThibault Garnier', ['Thibault Garnier']],
  ['signature es', 'Adjunto el informe.\n\nUn saludo,\nItziar Mendizábal', ['Itziar Mendizábal']],
  ['signature it', 'In allegato il preventivo.\n\nCordiali saluti,\nTiziana Bellucci', ['Tiziana Bellucci']],
  ['signature nl', 'Bijgevoegd de factuur.\n\nMet vriendelijke groet,\nSjoerd Dijkstra', ['Sjoerd Dijkstra']],
  ['signature pl', 'W załączniku umowa.\n\nZ poważaniem,\nBożena Szymańska', ['Bożena Szymańska']],
  [
    'signature sv',
    'Bifogat finns avtalet.\n\nMed vänliga hälsningar\nTorbjörn Ekström',
    ['Torbjörn Ekström'],
  ],
  ['signature short', 'See you tomorrow.\n\nCheers,\ngreta', ['greta']],
  ['signature odd', 'See you tomorrow.\n\nRegards,\nXolani Mzwakhe', ['Xolani Mzwakhe']],
  ['salutation', 'Dear Ms Abernathy,\n\nthank you for your call.', ['Abernathy']],
  ['salutation 2', 'Hi Oluwaseun,\n\ncan you check this?', ['Oluwaseun']],
  ['salutation de', 'Sehr geehrte Frau Kretschmer,\n\nvielen Dank.', ['Kretschmer']],
  ['salutation de 2', 'Hallo Wiebke,\n\nkannst du das prüfen?', ['Wiebke']],
  ['salutation fr', 'Chère Madame Rousselot,\n\nmerci pour votre appel.', ['Rousselot']],
  ['salutation es', 'Estimado señor Urrutia:\n\nle escribo por el contrato.', ['Urrutia']],
  ['salutation it', 'Gentile dottor Mancuso,\n\nla ringrazio.', ['Mancuso']],
  ['salutation nl', 'Beste meneer Hofstra,\n\nbedankt.', ['Hofstra']],
  ['salutation pl', 'Szanowna Pani Jadwigo,\n\ndziękuję.', ['Jadwigo']],
  ['salutation pt', 'Prezada Sra. Figueiredo,\n\nobrigado.', ['Figueiredo']],
  ['speaker', 'Rosalind: can you hear me?\nTariq: yes, go on.', ['Rosalind', 'Tariq']],
  ['speaker full', 'Henrietta Blythe: I object.\nJudge: Overruled.', ['Henrietta Blythe']],
  ['speaker de', 'Gudrun: Hast du die Datei?\nOlaf: Ja, kommt gleich.', ['Gudrun', 'Olaf']],
  ['speaker time', '[10:32] Marisol: on my way\n[10:33] Dragan: ok', ['Marisol', 'Dragan']],
  ['speaker fr', 'Solène : tu viens ?\nMathis : oui', ['Solène', 'Mathis']],
]

function uncovered(text: string, name: string): string {
  const { findings } = detectors.detect(text)
  const start = text.lastIndexOf(name)
  return [...name]
    .filter((char, n) => {
      const at = start + n
      return /[\p{L}\p{N}]/u.test(char) && !findings.some(({ span }) => span.start <= at && at < span.end)
    })
    .join('')
}

for (const [about, text, names] of ROWS) {
  test(`no letter of a name is left: ${about}`, () => {
    for (const name of names) assert.equal(uncovered(text, name), '', name)
  })
}

const ADDRESSES: readonly Row[] = [
  ['two parts', 'Write to agnieszka.wrzos@example.com. Wrzos has the key.', ['Wrzos']],
  ['without capitals', 'Contact: brunhilde_xanten@example.org, xanten will call back.', ['xanten']],
  ['name first', 'Fragen Sie Quarzeck, erreichbar unter j.quarzeck@example.net', ['Quarzeck']],
]

for (const [about, text, names] of ADDRESSES) {
  test(`a name that an e-mail address gives away is one: ${about}`, () => {
    for (const name of names) assert.equal(uncovered(text, name), '', name)
  })
}

const INSTITUTIONS: readonly Row[] = [
  [
    'a court',
    'Der Einspruch liegt jetzt beim Verwaltungsgericht Osnabrück.',
    ['Verwaltungsgericht Osnabrück'],
  ],
  [
    'a court of a state',
    'Das Niedersächsische Landessozialgericht hat die Berufung verworfen.',
    ['Landessozialgericht'],
  ],
  ['an authority', 'Der Kläger schrieb an das Bundesamt für Naturschutz.', ['Bundesamt für Naturschutz']],
  ['the genitive', 'Wir warten auf den Bescheid des Finanzamtes Bruchsal.', ['Finanzamtes Bruchsal']],
]

for (const [about, text, names] of INSTITUTIONS) {
  test(`a German institution is found whole: ${about}`, () => {
    for (const name of names) assert.equal(uncovered(text, name), '', name)
  })
}

const PLAIN: readonly (readonly [about: string, text: string, word: string])[] = [
  ['a role', 'Mail support@example.com; our support team answers.', 'support team'],
  ['a word that is a name too', 'Ask will@example.com, he will know.', 'will know'],
]

for (const [about, text, words] of PLAIN) {
  test(`plain words of an e-mail address name nobody: ${about}`, () => {
    assert.equal(uncovered(text, words), words.replaceAll(' ', ''))
  })
}

const TAGS: readonly Row[] = [
  ['camel case', 'so proud #JessicaMorales', ['JessicaMorales']],
  ['no capitals', 'so proud #jessicamorales', ['jessicamorales']],
  ['a possessive and a word', 'new post is up #stephaniesdiary', ['stephaniesdiary']],
  ['words around it', 'we all stand with you #votejessicanow', ['votejessicanow']],
  ['a word before it', '#shiftpaulsays what a day', ['shiftpaulsays']],
  ['a name on no list', 'RT @example: cast news #TeamZorbleka', ['TeamZorbleka']],
]

for (const [about, text, names] of TAGS) {
  test(`a name in a hashtag is found: ${about}`, () => {
    for (const name of names) assert.equal(uncovered(text, name), '', name)
  })
}

test('what the tagger saw in a hashtag stands where a piece of it could be a given name', () => {
  const tagger = new Tagger(loadNerModel(), 'high')
  for (const [tag, isLeft] of [
    ['gracehope', true],
    ['GraceHope', true],
    ['nevergiveup', false],
    ['NeverGiveUp', false],
  ] as const) {
    const text = `so proud of #${tag}`
    tagger.tag(text)
    const place = tagger.tokens.count - 1
    tagger.labels[place] = beginLabel(NER_TYPES.indexOf('PERSON'))
    nameHashtags(tagger, text)
    assert.equal(tagger.labels[place] !== OUTSIDE, isLeft, tag)
  }
})

const SMALL: readonly Row[] = [
  ['after a preposition', 'he had dinner with rachel green yesterday lol', ['rachel green']],
  ['at the beginning', 'hahaha 😂 😂 martin long great!', ['martin long']],
]

for (const [about, text, names] of SMALL) {
  test(`a family name that is a word too is found behind a given name, in small letters: ${about}`, () => {
    for (const name of names) assert.equal(uncovered(text, name), '', name)
  })
}

test('pronouns in small letters are nothing alone', () => {
  const found = detectors.detect('I might cry lol Just so they can play this at my party').findings
  assert.deepEqual(found, [])
})

test('the number of a house in small letters is no amount', () => {
  for (const text of [
    'ich wohne in der hauptstr. 5 bei der kirche',
    'we live at 14 elm street near the park',
  ])
    assert.equal(uncovered(text, /\d+/u.exec(text)?.[0] ?? ''), '', text)
})

const NAMELESS: readonly (readonly [about: string, text: string])[] = [
  ['a unit', 'The sensor reads 21 degrees Celsius in the branch office.'],
  ['commands', 'git checkout branch; git push origin main; open mailto link'],
  ['code', 'const branch = celsius + mailto.length // convert Celsius to Fahrenheit'],
  ['languages', 'Translate to French: the weather is fine. How is that in German, and in Polish?'],
  ['a hashtag of plain words', 'that exam was brutal lol #justkeepgoing #NeverGiveUp #nowplaying'],
  ['what passes a post on', 'RT @example_user: the bridge is closed again 😩'],
  ['amounts', 'Use at most 200 words\nAnswer in at most 3 sentences.\nWrite at least 2 paragraphs'],
  ['sums', 'f(7) = 60x^2 + 683x - 1985.178; 181961 / 168 = 92362\nf(3) = 5x; 4196 / 687 = 16790'],
  ['numbers of a post', '@example_user 5 more days til we finish, 22 left lol #countdown'],
  ['German nouns', 'Die Kündigung des Mietvertrags bedarf der Schriftform und einer Frist.'],
]

const NAMES = new Set(['PERSON', 'LOCATION', 'DATE_TIME', 'ADDRESS'])

for (const [about, text] of NAMELESS) {
  test(`words that name nobody are left: ${about}`, () => {
    const found = detectors.detect(text).findings.filter(({ entity }) => NAMES.has(entity))
    assert.deepEqual(found, [])
  })
}
