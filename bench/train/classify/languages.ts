/**
 * Words of seven languages, written for training: the public sets are English, so that a long text in another language
 * was taken for history or science by its articles, whatever it said about health, law or money.
 */
import type { Example } from './corpus.ts'
import { randomSource } from './fit.ts'

/** Words that stand in every text of a language, then words of four subjects and of none. */
interface Words {
  readonly every: string
  readonly health: string
  readonly law: string
  readonly finance: string
  readonly humanities: string
  readonly general: string
}

const WORDS: Readonly<Record<string, Words>> = {
  de: {
    every:
      'der die das den dem des ein eine einen einem und oder aber nicht auch nur noch schon sehr mit von zu im in auf an aus bei nach für über unter durch ohne sich ist sind war wurde werden hat haben kann muss soll wie wenn dass weil als er sie es wir ihr ihm ihre sein seine dieser diese',
    health:
      'patient patientin arzt ärztin krankenhaus klinik diagnose befund behandlung therapie operation medikament medikamente dosis tabletten schmerzen fieber husten blutdruck blut herz lunge leber niere magen infektion entzündung tumor krebs diabetes allergie schwanger schwangerschaft untersuchung entlassung aufnahme anamnese symptome krankheit erkrankung pflege depression röntgen impfung',
    law: 'gericht urteil klage kläger beklagte beklagten beschluss revision berufung gesetz paragraph absatz satz anspruch vertrag kündigung rechtsanwalt richter verfahren antrag beweis zeuge haftung schadensersatz verordnung strafe staatsanwaltschaft entscheidung urteilsgründe senat kammer rechtlich frist vollstreckung mietrecht arbeitsrecht verwaltungsgericht bundesgerichtshof vorinstanz unterlassung',
    finance:
      'konto bank rechnung überweisung zahlung betrag euro steuer steuern umsatz gewinn verlust kredit zinsen darlehen haushalt bilanz aktien anleihe rente gehalt lohn versicherung beitrag schulden forderung buchung mahnung quartal investition fonds börse inflation währung kosten einnahmen ausgaben finanzamt abschreibung',
    humanities:
      'jahrhundert könig kaiser krieg schlacht geschichte kirche kloster kunst roman dichter philosophie partei wahl präsident republik provinz gemeinde geboren gestorben dorf gründung museum verein saison',
    general:
      'heute morgen gestern wetter freund freundin kinder haus garten musik film spiel buch bild stadt straße woche abend essen farbe tier hund katze sommer winter geburtstag gespräch nachricht frage antwort name zeit leute schön gern danke hallo',
  },
  fr: {
    every:
      'le la les un une des du de et ou mais pas ne plus aussi très avec pour par sur sous dans en au aux chez après avant sans il elle nous vous ils elles on se son sa ses leur leurs ce cette ces qui que dont où est sont était a ont été avoir être fait peut doit comme si quand',
    health:
      'patient patiente médecin hôpital clinique diagnostic traitement thérapie opération chirurgie médicament médicaments dose comprimés douleur douleurs fièvre toux tension sang cœur poumon foie rein estomac infection inflammation tumeur cancer diabète allergie enceinte grossesse examen sortie admission antécédents symptômes maladie soins dépression radiographie vaccin ordonnance infirmière',
    law: 'tribunal cour jugement arrêt plainte plaignant défendeur demandeur appel pourvoi loi article alinéa droit contrat résiliation avocat juge procédure requête preuve témoin responsabilité dommages préjudice règlement peine procureur décision chambre délai exécution bail licenciement juridiction cassation code pénal civil ordonne condamne',
    finance:
      'compte banque facture virement paiement montant euros impôt impôts chiffre affaires bénéfice perte crédit intérêts prêt budget bilan actions obligation retraite salaire assurance cotisation dette créance comptabilité relance trimestre investissement fonds bourse inflation monnaie coûts recettes dépenses fiscal amortissement',
    humanities:
      'siècle roi reine guerre bataille histoire église art roman poète philosophie parti élection président république province commune né mort village fondation musée équipe saison écrivain',
    general:
      "aujourd'hui demain hier temps ami amie enfants maison jardin musique film jeu livre image ville rue semaine soir repas couleur animal chien chat été hiver anniversaire conversation message question réponse nom gens beau merci bonjour",
  },
  es: {
    every:
      'el la los las un una unos unas de del y o pero no más también muy con para por sobre en al a sin tras entre hasta desde se su sus le les lo que quien como cuando donde si es son era fue ha han había ser estar está puede debe este esta estos estas ese esa',
    health:
      'paciente médico médica hospital clínica diagnóstico tratamiento terapia operación cirugía medicamento medicación dosis comprimidos dolor fiebre tos tensión sangre corazón pulmón hígado riñón estómago infección inflamación tumor cáncer diabetes alergia embarazada embarazo exploración alta ingreso antecedentes síntomas enfermedad cuidados depresión radiografía vacuna analítica urgencias lesión biopsia evolución',
    law: 'tribunal juzgado sentencia demanda demandante demandado recurso apelación casación ley artículo apartado derecho contrato rescisión abogado juez procedimiento solicitud prueba testigo responsabilidad daños perjuicios reglamento pena fiscal resolución sala plazo ejecución arrendamiento despido jurisdicción código penal civil condena fallo auto',
    finance:
      'cuenta banco factura transferencia pago importe euros impuesto impuestos ingresos beneficio pérdida crédito intereses préstamo presupuesto balance acciones bono pensión salario seguro cuota deuda cobro contabilidad trimestre inversión fondo bolsa inflación moneda costes gastos hacienda amortización hipoteca tarjeta saldo',
    humanities:
      'siglo rey reina guerra batalla historia iglesia arte novela poeta filosofía partido elecciones presidente república provincia municipio nació murió pueblo fundación museo equipo temporada escritor',
    general:
      'hoy mañana ayer tiempo amigo amiga niños casa jardín música película juego libro imagen ciudad calle semana noche comida color animal perro gato verano invierno cumpleaños conversación mensaje pregunta respuesta nombre gente bonito gracias hola',
  },
  it: {
    every:
      'il lo la i gli le un una uno di del della dei delle e o ma non più anche molto con per su nel nella in al alla da dal dalla senza dopo prima tra fra si suo sua suoi loro che chi come quando dove se è sono era stato stata ha hanno essere avere può deve questo questa questi quel quella',
    health:
      'paziente medico ospedale clinica diagnosi trattamento terapia operazione chirurgia farmaco farmaci dose compresse dolore febbre tosse pressione sangue cuore polmone fegato rene stomaco infezione infiammazione tumore cancro diabete allergia incinta gravidanza esame dimissione ricovero anamnesi sintomi malattia cure depressione radiografia vaccino ricetta infermiera',
    law: 'tribunale corte sentenza ricorso ricorrente convenuto attore appello cassazione legge articolo comma diritto contratto recesso avvocato giudice procedimento istanza prova testimone responsabilità danni risarcimento regolamento pena procura decisione sezione termine esecuzione locazione licenziamento giurisdizione codice penale civile condanna ordinanza',
    finance:
      'conto banca fattura bonifico pagamento importo euro imposta imposte ricavi utile perdita credito interessi prestito bilancio azioni obbligazione pensione stipendio assicurazione rata debito contabilità trimestre investimento fondo borsa inflazione valuta costi spese fisco ammortamento mutuo carta saldo',
    humanities:
      'secolo re regina guerra battaglia storia chiesa arte romanzo poeta filosofia partito elezioni presidente repubblica provincia comune nato morto villaggio fondazione museo squadra stagione scrittore',
    general:
      'oggi domani ieri tempo amico amica bambini casa giardino musica film gioco libro immagine città strada settimana sera cibo colore animale cane gatto estate inverno compleanno conversazione messaggio domanda risposta nome gente bello grazie ciao',
  },
  pt: {
    every:
      'o a os as um uma uns umas de do da dos das e ou mas não mais também muito com para por sobre em no na nos nas ao à sem após entre até desde se seu sua seus suas lhe que quem como quando onde é são era foi tem têm ser estar está pode deve este esta esse essa',
    health:
      'paciente médico médica hospital clínica diagnóstico tratamento terapia operação cirurgia medicamento medicação dose comprimidos dor febre tosse pressão sangue coração pulmão fígado rim estômago infeção infecção inflamação tumor cancro câncer diabetes alergia grávida gravidez exame alta internamento antecedentes sintomas doença cuidados depressão radiografia vacina receita enfermeira',
    law: 'tribunal juízo sentença acórdão ação autor réu recurso apelação agravo lei artigo parágrafo inciso direito contrato rescisão advogado juiz ministro processo pedido prova testemunha responsabilidade danos indenização regulamento pena procurador decisão turma prazo execução arrendamento despedimento jurisdição código penal civil relator recorrente',
    finance:
      'conta banco fatura transferência pagamento valor euros reais imposto impostos receita lucro prejuízo crédito juros empréstimo orçamento balanço ações obrigação pensão salário seguro parcela dívida cobrança contabilidade trimestre investimento fundo bolsa inflação moeda custos despesas fisco amortização cartão saldo',
    humanities:
      'século rei rainha guerra batalha história igreja arte romance poeta filosofia partido eleições presidente república província município nasceu morreu aldeia fundação museu equipa temporada escritor',
    general:
      'hoje amanhã ontem tempo amigo amiga crianças casa jardim música filme jogo livro imagem cidade rua semana noite comida cor animal cão gato verão inverno aniversário conversa mensagem pergunta resposta nome gente bonito obrigado olá',
  },
  nl: {
    every:
      'de het een en of maar niet ook nog al zeer met van te in op aan uit bij na voor over onder door zonder zich is zijn was werd worden heeft hebben kan moet zal hoe als dat omdat hij zij ze wij jullie hem haar hun deze dit die er naar om tot wie wat waar',
    health:
      'patiënt arts huisarts ziekenhuis kliniek diagnose behandeling therapie operatie medicijn medicijnen dosis tabletten pijn koorts hoest bloeddruk bloed hart long lever nier maag infectie ontsteking tumor kanker diabetes allergie zwanger zwangerschap onderzoek ontslag opname voorgeschiedenis klachten symptomen ziekte zorg depressie röntgenfoto vaccin recept verpleegkundige',
    law: 'rechtbank gerechtshof vonnis arrest vordering eiser gedaagde beroep cassatie wet artikel lid recht overeenkomst opzegging advocaat rechter procedure verzoek bewijs getuige aansprakelijkheid schade schadevergoeding verordening straf officier beslissing kamer termijn uitvoering huur ontslagrecht bevoegdheid wetboek strafrecht veroordeelt hoger verweerder',
    finance:
      'rekening bank factuur overschrijving betaling bedrag euro belasting belastingen omzet winst verlies krediet rente lening begroting balans aandelen obligatie pensioen salaris loon verzekering premie schuld vordering boekhouding aanmaning kwartaal investering fonds beurs inflatie valuta kosten inkomsten uitgaven fiscus afschrijving hypotheek',
    humanities:
      'eeuw koning koningin oorlog slag geschiedenis kerk kunst roman dichter filosofie partij verkiezingen president republiek provincie gemeente geboren overleden dorp oprichting museum club seizoen schrijver',
    general:
      'vandaag morgen gisteren weer vriend vriendin kinderen huis tuin muziek film spel boek foto stad straat week avond eten kleur dier hond kat zomer winter verjaardag gesprek bericht vraag antwoord naam tijd mensen mooi dank hallo',
  },
  pl: {
    every:
      'i w na z do nie się że to jest są był była było o od po za przez dla przy pod nad bez oraz lub ale także już tylko bardzo jak gdy kiedy gdzie jeśli który która które jego jej ich ten ta te tym tego może musi ma mają być został',
    health:
      'pacjent pacjentka lekarz lekarka szpital klinika diagnoza rozpoznanie leczenie terapia operacja zabieg lek leki dawka tabletki ból gorączka kaszel ciśnienie krew serce płuca wątroba nerka żołądek zakażenie zapalenie guz nowotwór rak cukrzyca alergia ciąża badanie wypis przyjęcie wywiad objawy choroba opieka depresja szczepienie recepta pielęgniarka',
    law: 'sąd wyrok pozew powód pozwany skarga apelacja kasacja ustawa artykuł ustęp prawo umowa wypowiedzenie adwokat sędzia postępowanie wniosek dowód świadek odpowiedzialność szkoda odszkodowanie rozporządzenie kara prokurator postanowienie izba termin wykonanie najem zwolnienie właściwość kodeks karny cywilny zasądza orzeczenie',
    finance:
      'konto bank faktura przelew płatność kwota złotych podatek podatki przychód zysk strata kredyt odsetki pożyczka budżet bilans akcje obligacje emerytura pensja wynagrodzenie ubezpieczenie składka dług należność księgowość wezwanie kwartał inwestycja fundusz giełda inflacja waluta koszty wydatki urząd skarbowy amortyzacja hipoteka',
    humanities:
      'wiek król królowa wojna bitwa historia kościół sztuka powieść poeta filozofia partia wybory prezydent republika województwo gmina urodził zmarł wieś założenie muzeum klub sezon pisarz',
    general:
      'dzisiaj jutro wczoraj pogoda przyjaciel dzieci dom ogród muzyka film gra książka obraz miasto ulica tydzień wieczór jedzenie kolor zwierzę pies kot lato zima urodziny rozmowa wiadomość pytanie odpowiedź imię czas ludzie ładny dziękuję cześć',
  },
}

/** Source of these examples: not counted in the scaling of features, which is of texts that somebody wrote. */
export const LANGUAGE_SEEDS = 'seed-languages'

const SUBJECTS = ['health', 'law', 'finance', 'humanities', 'general'] as const
/** Lengths of texts in words, and which part of them belongs to the subject: the longer a text, the less of it does. */
const LENGTHS = [
  { length: 8, part: 0.4 },
  { length: 25, part: 0.25 },
  { length: 80, part: 0.12 },
] as const
/** Texts of each length, subject and language. */
const TEXTS = 60

/** Texts of every language and subject, from a fixed seed. */
export function languageExamples(): readonly Example[] {
  const random = randomSource(21)
  const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)] ?? ''
  return Object.entries(WORDS).flatMap(([language, words]) => {
    const every = words.every.split(' ')
    const texts = (domain: string, own: readonly string[], count = TEXTS): readonly Example[] =>
      LENGTHS.flatMap(({ length, part }) =>
        Array.from({ length: count }, () => ({
          text: Array.from({ length }, () => pick(random() < part ? own : every)).join(' '),
          source: LANGUAGE_SEEDS,
          group: language,
          domain,
        })),
      )
    // Words that stand in every text point nowhere, however many of them there are.
    return [
      ...SUBJECTS.flatMap((domain) => texts(domain, words[domain].split(' '))),
      ...texts('general', every, TEXTS / 4),
    ]
  })
}
