/**
 * Words that name a subject, written for training: the public sets hold hardly any short prompt about health, law or
 * computing, and none outside English.
 */
import type { Example } from './corpus.ts'

const WORDS: Readonly<Record<string, string>> = {
  health:
    'doctor patient patients diagnosis diagnosed symptom symptoms disease illness infection medication medicine dose dosage prescription prescribed tablet tablets pill pills dosing milligrams insulin diabetes diabetic cancer tumour tumor chemotherapy therapy surgery surgeon hospital clinic nurse blood pressure hypertension asthma allergy allergic fever cough pain headache migraine depression anxiety antidepressant antibiotic vaccine vaccination pregnancy pregnant HIV hepatitis stroke cardiac heart kidney liver lung biopsy scan MRI x-ray rehabilitation treatment side effects chronic epilepsy dementia alzheimer metformin ibuprofen paracetamol aspirin statin warfarin physician physicians presents history examination admitted discharge ward GP rash swelling nausea vomiting dizziness fatigue insomnia bleeding fracture wound injury disability obesity HIV-positive miscarriage contraception menopause arthritis thyroid anaemia leukaemia pneumonia arzt ärztin patientin diagnostiziert beschwerden allergie patient krankheit diagnose medikament tabletten blutdruck krebs schwanger krankenhaus schmerzen maladie médecin ordonnance hôpital grossesse douleur médico enfermedad receta embarazo dolor diagnóstico medico malattia ospedale gravidanza',
  law: 'law legal lawyer landlord tenant tenancy attorney court judge jury lawsuit sue sued plaintiff defendant contract clause breach liability negligence tort statute regulation compliance GDPR copyright trademark patent infringement injunction appeal verdict custody divorce settlement damages arbitration jurisdiction will probate eviction employment termination dismissal criminal prosecution felony constitution amendment rechtsanwalt gericht klage vertrag kündigung gesetz urteil avocat tribunal contrat loi procès abogado juez contrato demanda avvocato legge',
  finance:
    'bank account invoice payment transfer loan mortgage interest credit debit card balance budget tax taxes VAT revenue profit loss accounting ledger audit depreciation dividend stock stocks shares bond portfolio investment investor fund pension inflation currency exchange salary payroll refund IBAN cash flow valuation equity asset rechnung überweisung konto steuer kredit zinsen facture virement impôt compte factura impuesto cuenta préstamo fattura',
  business:
    'marketing campaign customer customers strategy brand sales pipeline stakeholder meeting agenda quarterly roadmap KPI OKR hiring recruitment manager management employee onboarding negotiation supplier procurement logistics startup pitch competitor market product launch leadership team project deadline milestone besprechung kunde mitarbeiter angebot réunion client équipe reunión cliente equipo',
  computing:
    'code coding function bug debug debugger compile compiler runtime exception stacktrace python javascript typescript java rust golang php ruby sql query database index schema API REST endpoint JSON YAML XML HTML CSS docker container kubernetes cluster linux bash shell git commit branch merge server client cache latency thread async array loop variable class object recursion algorithm hash pointer memory leak regex deploy pipeline cloud AWS encryption authentication token framework React node npm package library unit test refactor programm datenbank fehler algorithme logiciel programa código',
  mathematics:
    'equation inequality polynomial integral derivative differentiate integrate limit matrix determinant eigenvalue vector theorem proof prove lemma prime divisor modulo probability expected variance distribution combinatorics permutation geometry triangle circle angle radius perimeter area volume fraction percent logarithm exponent sequence series sum function continuous convergence algebra calculus trigonometry sine cosine graph vertex gleichung ableitung wahrscheinlichkeit équation dérivée ecuación derivada',
  science:
    'physics force mass acceleration velocity energy momentum gravity electron proton neutron atom molecule quantum wavelength frequency voltage current resistance circuit magnetic thermodynamics entropy temperature pressure chemistry reaction acid base pH oxidation catalyst compound ion solution titration biology cell enzyme protein DNA RNA gene mutation species evolution photosynthesis mitosis ecosystem planet star galaxy orbit telescope climate engineering beam stress strain turbine physik energie zelle énergie cellule energía célula',
  humanities:
    'history historian century war empire king queen revolution treaty colony medieval ancient renaissance philosophy philosopher ethics moral Kant Plato Aristotle religion church Buddhism Islam Christianity Hinduism politics political election parliament president senate democracy constitution foreign policy diplomacy sanctions culture art literature novel poem museum archaeology geschichte krieg philosophie guerre histoire guerra historia',
  psychology:
    'psychology psychologist cognitive behaviour behavior conditioning memory perception personality motivation emotion attachment adolescent development therapy counselling counseling stress trauma Freud Piaget Skinner reinforcement stereotype conformity attitude self-esteem sociology group social identity norms',
  travel:
    'flight flights airport airline hotel booking reservation trip travel vacation holiday itinerary visa passport luggage train station ticket car rental rent traffic route directions drive driving gas mileage tire oil bus taxi uber tourist beach flug reise hotel zug vol voyage vuelo viaje volo viaggio',
  household:
    'recipe cook cooking bake baking oven ingredients kitchen dinner lunch breakfast meal restaurant calories grocery shopping list clean cleaning laundry lights thermostat alarm music playlist vacuum garden plants furniture shelf rezept kochen recette cuisine receta cocina ricetta',
  general:
    'hello hi thanks thank you weather joke name favourite color hobby time date timer spell word meaning language repeat volume hallo danke wetter bonjour merci hola gracias ciao grazie',
}

const CARRIERS: readonly string[] = [
  '{a}',
  'a question about {a} and {b}',
  'my {a}, the {b} and {c}',
  'what is {a} with {b}?',
  'please help me with {a}: {b}, {c}',
  'write a short text on {a} and {b}',
]

/** Short prompts from the words of each subject, in a fixed order. */
export function seedExamples(): readonly Example[] {
  return Object.entries(WORDS).flatMap(([domain, list]) => {
    const words = list.split(' ')
    const pick = (n: number) => words[n % words.length] ?? ''
    return words.flatMap((word, i) =>
      CARRIERS.map((carrier, c) => ({
        text: carrier
          .replace('{a}', word)
          .replace('{b}', pick(i * 7 + c * 3 + 1))
          .replace('{c}', pick(i * 11 + c * 5 + 2)),
        source: 'seed',
        group: domain,
        domain,
      })),
    )
  })
}

/** Words of a window cut from a longer prompt, so that the length of a prompt does not give its subject away. */
const WINDOWS = [5, 9, 16] as const

/** Pieces of a benchmark question, without its answer options, with its subject and nothing else. */
export function snippetsOf(example: Example): readonly Example[] {
  if (example.domain === undefined) return []
  const words = (example.text.split('\nA. ')[0] ?? '').split(/\s+/).filter((word) => word !== '')
  return WINDOWS.flatMap((size, w) => {
    if (words.length < size * 2) return []
    const start = (example.text.length * (w + 3)) % (words.length - size)
    const text = words.slice(start, start + size).join(' ')
    return [
      {
        text,
        source: example.source,
        group: example.group,
        domain: example.domain ?? 'general',
        isAttack: false,
      },
    ]
  })
}
