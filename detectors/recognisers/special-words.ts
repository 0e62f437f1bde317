/** Words of the special categories that no open list has, and the cues that make them a statement about a person. */

const words = (text: string): readonly string[] =>
  text
    .split(/[|\n]/u)
    .map((word) => word.trim())
    .filter((word) => word !== '')

/** Somebody is spoken of: pronouns, family, patients, diagnoses. Whole words up to four letters, beginnings above. */
export const PERSON_CUES = words(`
  i|i'm|i've|my|me|mine|myself|he|she|his|her|hers|him|he's|she's|patient|diagnos|suffer|treated for|treatment for|history of|tested positive|prescrib|hospitalised|hospitalized|sick leave|employee|colleague|wife|husband|partner|son|daughter|mother|father|brother|sister|mr|mrs|ms|dr|his|they have|who has|living with|symptoms of|admitted|complains of|presents with|underwent|recovering|member|client|applicant|tenant|candidate|year-old|years old|aged|allerg|disabled
  ich|mein|meine|meiner|meinem|meinen|mir|mich|er|sie|sein|seine|seiner|seinem|ihr|ihre|ihrer|ihrem|leidet|leide|erkrankt|diagnose|diagnostiziert|patientin|behandelt|krankgeschrieben|verschrieben|herr|frau|kollege|kollegin|mitarbeiter|hat|habe
  je|j'ai|mon|ma|mes|il|elle|son|sa|ses|souffre|souffr|atteint|diagnostiqu|traité|traitée|patiente|arrêt maladie|hospitalis|monsieur|madame|mme|collègue|salarié
  yo|mi|mis|él|ella|su|sus|paciente|padece|padezco|sufre|sufro|diagnostic|tratamiento|ingresad|señor|señora|varón|mujer|tengo|tiene
  io|mio|mia|lui|lei|suo|sua|paziente|soffre|soffro|affetto|affetta|ricoverat|signor|ho|ha
  eu|meu|minha|ele|ela|seu|sua|sofre|sofro|paciente|internad|tenho|tem|senhor|senhora
  ik|mijn|hij|zij|zijn|haar|patiënt|lijdt|lijd|meneer|mevrouw|heeft|heb
  ja|mój|moja|mam|on|ona|jego|jej|pacjent|cierpi|choruje|zdiagnozowan|pan|pani|ma
  jag|min|mitt|han|hon|hans|hennes|lider|patienten|jeg|hun|hendes|pasient|minä|hän|minun|hänen|potilas|sairastaa
  já|můj|moje|má|jeho|její|trpí|trpím|ő|szenved|beteg|eu sunt|suferă|pacientul|ben|benim|hasta|onun
  я|мой|моя|мне|у меня|он|она|его|её|ее|болеет|страдает|пациент|диагноз|він|вона|хворіє|пацієнт
  我|他|她|患者|病人|确诊|患有|私|彼|彼女|患者|診断|나는|그는|그녀|환자|진단`)

/** Somebody takes or is given something: pronouns alone are not enough beside a list of ten thousand substances. */
export const TREATMENT_CUES = words(`
  patient|takes|taking|took|prescrib|treated with|treatment with|mg|mcg|dose of|doses of|tablet|on medication|medication|injection|injects|allergic to|overdose
  nimmt|nehme|einnahme|verschrieben|patientin|behandelt mit|täglich|dosis|prend du|prends|prescrit|traitement|patiente|comprimé|posologie|toma|tomo|tratad|tratamiento con|paciente|comprimido|dosis
  prende|prendo|terapia con|paziente|compressa|tratamento com|slikt|gebruikt|patiënt|bierze|przyjmuje|pacjent|tar medicin|patienten|принимает|принимаю|пациент|назначен|мг`)

export const CONDITION_WORDS = words(`
  hiv|hiv-positive|hiv positive|aids|cancer|breast cancer|lung cancer|prostate cancer|diabetes|diabetic|depression|depressed|bipolar|bipolar disorder|schizophrenia|anxiety disorder|panic attacks|ptsd|adhd|autism|autistic|epilepsy|epileptic|asthma|asthmatic|copd|hepatitis|hepatitis b|hepatitis c|tuberculosis|multiple sclerosis|parkinson|parkinson's|parkinson's disease|alzheimer|alzheimer's|alzheimer's disease|dementia|stroke|heart attack|heart failure|heart disease|high blood pressure|hypertension|migraine|migraines|eating disorder|anorexia|bulimia|burnout|pregnant|pregnancy|miscarriage|abortion|infertility|ivf|erectile dysfunction|std|sti|chlamydia|gonorrhea|gonorrhoea|syphilis|herpes|covid|covid-19|coronavirus|leukemia|leukaemia|lymphoma|tumor|tumour|kidney failure|dialysis|crohn's|crohn's disease|ulcerative colitis|celiac|coeliac|lupus|rheumatoid arthritis|arthritis|osteoporosis|anemia|anaemia|obesity|obese|addiction|alcoholism|alcoholic|drug addict|overdose|suicidal|suicidal thoughts|self-harm|wheelchair|paralysed|paralyzed|disability|deaf|blind|down syndrome|cystic fibrosis|sickle cell|insomnia|sleep apnea|psoriasis|eczema|peanut allergy|chemotherapy|radiotherapy|surgery|mastectomy|hysterectomy|transplant|amputation|rehab|psychiatrist|psychotherapy
  krebs|brustkrebs|lungenkrebs|prostatakrebs|zuckerkrank|depressionen|depressiv|bipolare störung|schizophrenie|angststörung|epilepsie|bluthochdruck|herzinfarkt|schlaganfall|herzinsuffizienz|demenz|multiple sklerose|migräne|essstörung|magersucht|schwanger|schwangerschaft|fehlgeburt|abtreibung|hiv-positiv|aidskrank|leukämie|hirntumor|nierenversagen|morbus crohn|zöliakie|rheuma|arthrose|übergewicht|alkoholiker|alkoholkrank|drogensüchtig|suizidgefährdet|behinderung|schwerbehindert|querschnittsgelähmt|gehörlos|chemotherapie|bestrahlung|transplantation|psychotherapie|krankheit|bandscheibenvorfall|lungenentzündung|asthmatiker
  cancer du sein|cancer du poumon|dépression|dépressif|dépressive|diabète|diabétique|séropositif|séropositive|vih|sida|schizophrénie|trouble bipolaire|épilepsie|hypertension artérielle|infarctus|avc|insuffisance cardiaque|démence|sclérose en plaques|maladie d'alzheimer|maladie de parkinson|migraines|anorexie|boulimie|enceinte|grossesse|fausse couche|avortement|leucémie|tumeur|insuffisance rénale|maladie de crohn|polyarthrite|obésité|alcoolisme|alcoolique|toxicomane|suicidaire|handicap|handicapé|handicapée|chimiothérapie|radiothérapie|greffe|psychothérapie|asthme|hépatite|tuberculose
  cáncer|cáncer de mama|cáncer de pulmón|depresión|diabetes|diabético|diabética|vih|seropositivo|sida|esquizofrenia|trastorno bipolar|epilepsia|hipertensión|infarto|ictus|insuficiencia cardíaca|demencia|esclerosis múltiple|embarazada|embarazo|aborto|leucemia|tumor|insuficiencia renal|enfermedad de crohn|artritis|obesidad|alcoholismo|alcohólico|discapacidad|quimioterapia|radioterapia|trasplante|asma|hepatitis|migraña
  cancro|tumore|depressione|diabete|diabetico|diabetica|sieropositivo|sieropositiva|hiv|schizofrenia|disturbo bipolare|epilessia|ipertensione|infarto|ictus|demenza|sclerosi multipla|incinta|gravidanza|aborto|leucemia|obesità|alcolismo|disabilità|chemioterapia|asma|epatite|câncer|depressão|diabetes|soropositivo|esquizofrenia|hipertensão|enfarte|avc|demência|esclerose múltipla|grávida|gravidez|leucemia|obesidade|deficiência|quimioterapia
  kanker|borstkanker|depressie|suikerziekte|schizofrenie|hoge bloeddruk|hartaanval|beroerte|dementie|zwanger|zwangerschap|leukemie|chemotherapie|astma|rak|nowotwór|depresja|depresję|cukrzyca|cukrzycę|schizofrenia|padaczka|nadciśnienie|zawał|udar|w ciąży|białaczka|chemioterapia|stwardnienie rozsiane|bröstcancer|cancer|depression|högt blodtryck|stroke|gravid|leukemi|cellgifter|astma|brystkræft|kræft|kreft|sukkersyge|hjerteanfald|syöpä|masennus|raskaana|rakovina|deprese|cukrovka|těhotná|rák|cukorbeteg|terhes|cancer de sân|diabet|însărcinată|kanser|şeker hastası|hamile|depresyon
  рак|рак груди|депрессия|депрессией|депрессию|диабет|диабетом|вич|вич-инфекция|спид|шизофрения|шизофренией|эпилепсия|инфаркт|инсульт|беременна|беременность|онкология|туберкулез|гепатит|астма|цукровий діабет|діабет|вагітна
  癌症|糖尿病|抑郁症|艾滋病|怀孕|高血压|うつ病|がん|妊娠|고혈압|당뇨병|우울증|임신`)

export const MEDICATION_WORDS = words(`
  insulin|metformin|prozac|zoloft|xanax|valium|ritalin|adderall|lithium|methadone|morphine|oxycodone|fentanyl|tramadol|sertraline|fluoxetine|citalopram|escitalopram|venlafaxine|quetiapine|olanzapine|risperidone|clozapine|lorazepam|diazepam|alprazolam|warfarin|heparin|atorvastatin|simvastatin|lisinopril|ramipril|amlodipine|bisoprolol|metoprolol|levothyroxine|prednisone|prednisolone|methotrexate|adalimumab|humira|tamoxifen|truvada|biktarvy|viagra|sildenafil|antidepressant|antidepressants|antipsychotics|antidepressiva|antidépresseurs|antidepresivos|antidepressivi|insuline|insulina|morphin|morfina|chemo`)

/** "is", "am" and their kin with a person: what somebody is or belongs to. */
export const BELONGING_CUES = words(`
  i am|i'm|he is|she is|he's|she's|they are|is a|is an|was a|am a|am an|who is|identifies as|came out|converted|convert to|practising|practicing|devout|my|his|her|he|she|religion|faith|ethnicity|ethnic|race|orientation|believes in|raised|born|husband|wife|member of
  ich bin|er ist|sie ist|ist|bin|mein|meine|religion|konfession|glaube|herkunft|gläubig|je suis|il est|elle est|religion|origine|confession|mon|ma|soy|es|él es|ella es|religión|origen|mi|su|sono|è|religione|lui|lei|sou|ele é|ela é|religião|ik ben|hij is|zij is|geloof|godsdienst|jestem|jest|wyznanie|religia|jag är|han är|hon är|jeg er|olen|on|jsem|je|vagyok|sunt|este|я|он|она|вероисповедание|национальность|我是|他是|她是|信仰|宗教|彼は|彼女は|私は`)

export const RELIGION_WORDS = words(`
  muslim|christian|catholic|roman catholic|protestant|lutheran|calvinist|methodist|baptist|evangelical|anglican|mormon|jehovah's witness|jehovah's witnesses|orthodox christian|greek orthodox|jewish|jew|orthodox jew|hindu|buddhist|sikh|jain|bahai|zoroastrian|atheist|agnostic|pagan|wiccan|quaker|shia|shiite|sunni|scientologist|seventh-day adventist|pentecostal|rastafarian|taoist|shinto
  muslimin|muslimisch|christlich|katholisch|katholik|katholikin|evangelisch|protestantisch|jüdisch|jude|jüdin|hinduistisch|buddhistisch|buddhistin|atheistin|zeugin jehovas|zeuge jehovas|konfessionslos|musulman|musulmane|chrétien|chrétienne|catholique|protestant|protestante|juif|juive|hindou|bouddhiste|athée|témoin de jéhovah|musulmán|musulmana|cristiano|cristiana|católico|católica|protestante|judío|judía|hindú|budista|ateo|atea|testigo de jehová|musulmano|cattolico|cattolica|ebreo|ebrea|buddista|muçulmano|muçulmana|cristão|cristã|judeu|judia|ateu|moslim|christen|katholiek|joods|boeddhist|muzułmanin|muzułmanka|katolik|katoliczka|żyd|żydówka|ateista|muslimsk|kristen|katolsk|judisk|jødisk|muslimi|kristitty|katolík|muslimka|мусульманин|мусульманка|христианин|православный|православная|католик|еврей|еврейка|иудей|буддист|атеист|穆斯林|基督徒|佛教徒|天主教徒|イスラム教徒|キリスト教徒|仏教徒`)

export const ORIENTATION_WORDS = words(`
  gay|lesbian|bisexual|homosexual|heterosexual|queer|transgender|trans woman|trans man|transsexual|non-binary|nonbinary|asexual|pansexual|intersex|schwul|lesbisch|bisexuell|homosexuell|heterosexuell|transsexuell|nichtbinär|homosexuel|homosexuelle|lesbienne|bisexuel|bisexuelle|transgenre|lesbiana|bisexual|transexual|omosessuale|lesbica|bisessuale|lésbica|transgénero|homoseksueel|lesbisch|biseksueel|gej|lesbijka|homoseksualny|biseksualna|homosexuell|bisexuell|bøsse|homoseksuel|homo|lesbo|гей|лесбиянка|бисексуал|гомосексуал|трансгендер|同性恋`)

export const UNION_WORDS = words(`
  union member|trade union member|trade unionist|union membership|union rep|union representative|shop steward|member of the union|member of a trade union|trade union membership|gewerkschaftsmitglied|gewerkschafter|gewerkschafterin|mitglied der gewerkschaft|gewerkschaftsmitgliedschaft|mitglied der ig metall|mitglied bei verdi|ig metall|ver.di|syndiqué|syndiquée|délégué syndical|déléguée syndicale|adhérent à la cgt|membre du syndicat|afiliado al sindicato|sindicalista|delegado sindical|afiliada al sindicato|miembro del sindicato|iscritto al sindacato|iscritta al sindacato|sindicalizado|membro do sindicato|vakbondslid|lid van de vakbond|członek związku zawodowego|fackligt ansluten|fackmedlem|fagforeningsmedlem|ammattiliiton jäsen|член профсоюза|工会会员|労働組合員`)

export const POLITICAL_CUES = words(`
  votes for|vote for|voted for|voted|voter|member of|membership|supporter of|supports the|support the|joined the|activist|campaigns for|campaigned for|donated to|donates to|party member|politically|political views|political opinion|candidate for|councillor for
  wählt|wähle|gewählt|mitglied|anhänger|parteimitglied|unterstützt|vote|voté|voter|militant|adhérent|adhérente|membre|sympathisant|vota|voté|votó|votante|afiliado|afiliada|miembro|militante|simpatizante|iscritto|iscritta|elettore|votato|vota|filiado|filiada|stemt|stemde|lid|głosuje|głosował|członek|członkini|röstar|medlem|stemmer|äänestää|jäsen|volí|člen|členka|голосует|голосовал|член партии|сторонник`)

export const POLITICAL_WORDS = words(`
  communist|socialist|fascist|marxist|anarchist|neo-nazi|libertarian|republican voter|democrat voter|conservative voter|labour voter|tory|green party|labour party|conservative party|republican party|democratic party|communist party|cdu|csu|spd|afd|fdp|die linke|bündnis 90|die grünen|kommunist|kommunistin|sozialist|sozialdemokrat|communiste|socialiste|rassemblement national|front national|la france insoumise|comunista|socialista|psoe|partido popular|podemos|vox|lega|forza italia|fratelli d'italia|partito democratico|pt|bolsonarista|petista|pvda|vvd|pvv|pis|platforma obywatelska|konfederacja|socialdemokrat|moderaterna|sverigedemokraterna|коммунист|единая россия|кпрф|共产党员`)

export const ETHNICITY_WORDS = words(`
  african american|african-american|afro-american|black british|caucasian|hispanic|latino|latina|latinx|native american|first nations|aboriginal|maori|māori|roma|romani|gypsy|sinti|mixed race|mixed-race|biracial|of african descent|of asian descent|of arab descent|of jewish descent|kurdish|kurd|arab|berber|basque|tatar|uyghur|uighur|tamil|pashtun|hausa|yoruba|igbo|zulu|afroamerikaner|afrodeutsch|schwarze deutsche|kurdisch|kurdin|kurde|arabisch|rom|tsigane|maghrébin|maghrébine|kurde|arabe|gitano|gitana|mestizo|indígena|árabe|afrodescendiente|rom|curdo|zingaro|negro|pardo|indígena|koerdisch|arabisch|rom|cygan|кавказец|татарин|татарка|чеченец|цыган|курд`)

export const NATIONALITY_CUES = words(`
  nationality|citizenship|citizen|national of|nationals|passport|immigrant|immigrated|refugee|asylum|origin|descent|ancestry|heritage|born|he is|she is|i am|i'm|he's|she's|my|his wife|her husband|they are|man|woman|girl|boy|guy|lady|friend|colleague|neighbor|neighbour|expat|native
  staatsangehörigkeit|nationalität|staatsbürger|herkunft|stammt|abstammung|nationalité|citoyen|origine|d'origine|nacionalidad|ciudadano|origen|nazionalità|cittadin|nacionalidade|nationaliteit|afkomst|obywatelstwo|narodowość|medborgare|nationalitet|kansalaisuus|гражданство|гражданин|национальность|国籍|국적`)

/** Adjectives of nationality in other languages than the list's English. */
export const NATIONALITY_WORDS = words(`
  deutsch|deutscher|deutsche|türkisch|türkin|türke|syrisch|syrer|syrerin|polnisch|polin|russisch|russin|ukrainisch|italienisch|französisch|spanisch|griechisch|afghanisch|irakisch|iranisch|marokkanisch|rumänisch|bulgarisch|kroatisch|serbisch|österreichisch|schweizer|français|française|allemand|allemande|algérien|algérienne|marocain|marocaine|tunisien|tunisienne|sénégalais|sénégalaise|portugais|portugaise|espagnol|espagnole|italien|italienne|syrien|syrienne|turc|turque|español|española|alemán|alemana|marroquí|colombiano|colombiana|venezolano|venezolana|ecuatoriano|ecuatoriana|mexicano|mexicana|argentino|argentina|rumano|rumana|italiano|italiana|tedesco|tedesca|rumeno|rumena|albanese|marocchino|marocchina|português|portuguesa|brasileiro|brasileira|angolano|angolana|nederlandse|marokkaanse|turkse|surinaamse|polski|polska|niemiecka|ukraińskie|ukrainiec|ukrainka|svensk|dansk|norsk|somalisk|irakisk|syrisk|suomalainen|русский|русская|украинец|украинка|узбек|таджик|中国人|日本人|美国人`)

export const BIOMETRIC_WORDS = words(`
  fingerprint|fingerprints|fingerprint scan|fingerprint template|palm print|palmprint|iris scan|retina scan|retinal scan|face scan|facial scan|facial recognition template|face template|faceprint|face id template|voiceprint|voice print|gait analysis|biometric data|biometric template|biometric profile|dna|dna profile|dna test|dna sample|dna sequence|genome|genetic test|genetic data|genetic profile|genetic mutation|genotype|brca1|brca2|brca1 mutation|brca2 mutation|brca mutation|karyotype|huntington gene
  fingerabdruck|fingerabdrücke|iris-scan|irisscan|netzhautscan|gesichtsscan|stimmprofil|biometrische daten|dna-profil|dna-test|gentest|genetische daten|genmutation|empreinte digitale|empreintes digitales|empreinte vocale|scan de l'iris|données biométriques|test adn|profil adn|test génétique|données génétiques|huella dactilar|huellas dactilares|escáner de iris|datos biométricos|prueba de adn|perfil genético|test genético|impronta digitale|impronte digitali|scansione dell'iride|dati biometrici|test del dna|test genetico|impressão digital|impressões digitais|dados biométricos|teste de adn|teste de dna|vingerafdruk|vingerafdrukken|irisscan|biometrische gegevens|dna-test|odcisk palca|odciski palców|dane biometryczne|test dna|fingeravtryck|fingeraftryk|sormenjälki|отпечаток пальца|отпечатки пальцев|биометрические данные|днк|指纹|虹膜`)

/** Conditions that only people are in: said of anybody, a name or "she", they are about a person. */
export const STATE_WORDS = words(`
  pregnant|expecting a baby|schwanger|hochschwanger|est enceinte|suis enceinte|était enceinte|enceinte de|embarazada|incinta|zwanger|w ciąży|grávida|gravid|raskaana|беременна|беременная|вагітна|hiv-positive|hiv positive|hiv-positiv|seropositiva|séropositif|séropositive|seropositivo|sieropositivo|sieropositiva|soropositivo|soropositiva|hiv-positief`)

/** What says that somebody is in a state. */
export const STATE_CUES = words(`
  is|are|am|was|were|be|been|i'm|she's|month|week|months|weeks|ist|bin|war|sind|monat|woche|monate|wochen|est|suis|était|mois|semaine|semaines|está|estoy|estaba|estuvo|meses|mes|semanas|es|è|era|sono|fu|mese|mesi|settimana|is|ben|maand|maanden|weken|jest|była|jestem|miesiąc|miesiącu|miesięcy|estava|estou|mês|är|er|var|на|месяце`)

const ATTENDANCE: readonly (readonly [verbs: string, places: string])[] = [
  ['attends|goes to|prays at|prays in|worships at', 'mosque|the mosque|church|synagogue|the synagogue|mass|friday prayers|bible study|sunday school'],
  ['geht in die|gehe in die|ging in die|betet in der|besucht die|geht regelmäßig in die|geht zum|besucht den', 'moschee|kirche|synagoge|freitagsgebet|gottesdienst'],
  ['va à la|va à l’|va à l\'|vais à la|vais à l\'|fréquente la|fréquente l\'|prie à la', 'mosquée|messe|synagogue|église'],
  ['va a la|voy a la|va a|voy a|asiste a|asiste a la|acude a la|reza en la', 'mezquita|misa|iglesia|sinagoga'],
  ['va in|vado in|va a|vado a|frequenta la|va alla|prega in', 'moschea|chiesa|messa|sinagoga'],
  ['gaat naar de|ga naar de|bezoekt de|bidt in de', 'moskee|kerk|synagoge'],
  ['chodzi do|chodzę do|uczęszcza do|chodzi na|modli się w', 'meczetu|kościoła|synagogi|mszę|meczecie'],
  ['vai à|vou à|frequenta a|reza na|assiste à', 'mesquita|igreja|missa|sinagoga'],
] // biome-ignore format: a language a line

/** Somebody goes where people of one faith go. */
export const ATTENDANCE_WORDS: readonly string[] = ATTENDANCE.flatMap(([verbs, places]) =>
  verbs
    .split('|')
    .flatMap((verb) => places.split('|').map((place) => verb + (/['’]$/u.test(verb) ? '' : ' ') + place)),
)
