/** Words that say what kind of text this is, by class. Lower case; apostrophes are part of a word. */

export const MARKER_CLASSES = {
  ask: 'what why how when where who whom whose which is are was were do does did can could should would will was wie warum wer wo wann welche welcher quoi pourquoi comment quand où quel quelle qué cómo cuándo dónde quién cuál cosa perché come quando dove chi quale',
  step: 'first second third then next finally lastly step steps stage afterwards subsequently phase firstly secondly',
  reason:
    'prove derive show explain justify evaluate analyze analyse compare contrast determine demonstrate deduce infer discuss assess argue critique interpret reason because therefore hence thus',
  compute:
    'calculate compute find solve equation sum product integral derivative probability percent ratio average total value matrix vector theorem polynomial prime function maximum minimum rate angle triangle modulo',
  code: 'code function class python javascript typescript java rust golang sql html css bash regex api json yaml xml docker kubernetes algorithm compile compiler debug script program programming library framework database query array string loop thread react node numpy pandas async import def const void int return struct git linux',
  create:
    'write create compose draft generate design develop build invent imagine story poem essay song script blog article email letter plan outline schreibe schreib erstelle écris rédige escribe crea scrivi',
  condition:
    'if unless suppose assume given assuming whether otherwise except provided constraint must exactly only least most either neither nor not never',
  hedge:
    'please thanks thank hi hello hey okay ok yes no sure great bye hallo bonjour hola ciao danke merci gracias',
  quantity:
    'all every each any some none both several many few more less than greater smaller larger between per',
  self: 'i my me mine we our us',
  other: 'he she they him her his their them it its',
  persona:
    'pretend act roleplay persona character simulate hypothetical hypothetically fictional imagine alter ego dan jailbreak jailbroken unfiltered uncensored amoral unrestricted',
  override:
    'ignore disregard forget override bypass circumvent disable neglect discard void cancel cancelled reveal leak print repeat ignoriere ignorieren vergiss missachte umgehe oublie ignorez oubliez ignora olvida ignorar dimentica ignorare',
  rules:
    'instruction instructions directive directives guideline guidelines rule rules policy policies prompt prompts restriction restrictions programming training safeguards anweisung anweisungen regeln vorgaben systemprompt règles consignes instrucciones reglas istruzioni regole',
  limits:
    'restrictions restriction limits limitations limit filter filters filtering censorship moderation ethics ethical morals morality guidelines refuse warnings disclaimers safety boundaries einschränkungen grenzen restricciones límites limites restrizioni',
  without:
    'no without never not any nothing free beyond un ohne keine kein nie sans aucune jamais sin ninguna nunca senza nessuna mai',
  trust:
    'previous prior above earlier initial original system hidden secret developer admin mode bisherigen vorherigen précédentes anteriores precedenti',
  harm: 'bomb bombs explosive explosives weapon weapons kill murder suicide hack hacking malware virus ransomware phishing steal theft stolen fraud fraudulent illegal illegally counterfeit forge blackmail extort stalk harass bully drug drugs meth cocaine terrorist terrorism genocide racist racism sexist hate violence violent abuse exploit launder embezzle bribe poison defamatory defamation hoax conspiracy trafficking weaponize',
} as const

export type MarkerClass = keyof typeof MARKER_CLASSES

export const MARKER_NAMES = Object.keys(MARKER_CLASSES) as readonly MarkerClass[]

/** What a prompt asks for, by the words that ask for it. */
export const TASK_WORDS = {
  translate:
    'translate translation translated übersetze übersetzen traduis traduire traduce traducir traduci tradurre перевести переведи',
  summarise:
    'summarize summarise tldr condense shorten recap zusammenfassen zusammenfassung résume résumer résumé resume resumir resumen riassumi riassumere',
  rewrite:
    'rewrite rephrase paraphrase proofread reword polish umformulieren korrigiere reformule corrige reescribe riscrivi',
  extract: 'extract list identify retrieve extrahiere extrais extrae estrai',
  classify: 'classify categorize categorise sentiment klassifiziere kategorisiere',
  write:
    'write draft compose create generate poem essay schreibe schreib verfasse écris rédige escribe redacta scrivi',
  plan: 'plan schedule itinerary roadmap agenda organize organise plane',
  code: 'code python javascript typescript java rust sql html css bash regex function compile debug refactor',
  math: 'calculate compute solve equation integral derivative prove probability multiply divide factorial berechne calcule calcula calcola',
  explain:
    'explain describe define discuss compare contrast difference meaning erkläre explique explica spiega',
} as const

export type Task = keyof typeof TASK_WORDS | 'question' | 'chat' | 'other'

export const TASKS = Object.keys(TASK_WORDS) as readonly (keyof typeof TASK_WORDS)[]
