/** The tokenisers, on small vocabularies whose results can be seen by eye. No package is needed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NamesError } from '../../proxy/names/errors.ts'
import { createTokenizer } from '../../proxy/names/tokenizer/index.ts'

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz']

const BERT = {
  added_tokens: [
    { id: 1, content: '[CLS]', special: true },
    { id: 2, content: '[SEP]', special: true },
  ],
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    special_tokens: {},
  },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(
      ['[UNK]', '[CLS]', '[SEP]', 'ask', 'jo', '##se', '##é', 'ann', "'", 's', '.', '東', '京'].map(
        (token, id) => [token, id],
      ),
    ),
  },
}

const BYTE_PAIRS = {
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0], trim_offsets: true },
  model: {
    type: 'BPE',
    unk_token: '<unk>',
    vocab: Object.fromEntries(
      ['<s>', '<unk>', '</s>', ...LETTERS, 'Ġ', 'an', 'ann', 'Ġann', 'Ã', '©'].map((token, id) => [
        token,
        id,
      ]),
    ),
    merges: ['a n', 'an n', 'Ġ ann'],
  },
}

const UNIGRAM = {
  added_tokens: [],
  normalizer: {
    type: 'Sequence',
    normalizers: [
      { type: 'Precompiled', precompiled_charsmap: 'AA==' },
      { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
    ],
  },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  post_processor: null,
  model: {
    type: 'Unigram',
    unk_id: 0,
    vocab: [
      ['<unk>', 0],
      ['▁', -3],
      ['▁ann', -4],
      ['▁an', -3],
      ['a', -5],
      ['n', -5],
      ['e', -5],
      ['na', -4],
    ],
  },
}

function cut(file: unknown, text: string): readonly string[] {
  return createTokenizer(file)
    .pieces(text)
    .map(({ id, start, end }) => `${id}:${text.slice(start, end)}`)
}

test('WordPiece cuts words greedily and finds back through lower case and accents', () => {
  assert.deepEqual(cut(BERT, 'Ask JOSÉ.'), ['3:Ask', '4:JO', '5:SÉ', '10:.'])
  assert.deepEqual(cut(BERT, "Ann's 東京"), ['7:Ann', "8:'", '9:s', '11:東', '12:京'])
  assert.deepEqual(cut(BERT, 'Jose\u0301'), ['4:Jo', '5:se\u0301'])
  assert.deepEqual(cut(BERT, 'zebra ask'), ['0:zebra', '3:ask'])
  assert.deepEqual(cut(BERT, 'a\u200bsk'), ['3:a\u200bsk'])
})

test('text that looks like a special token is text', () => {
  assert.ok(cut(BERT, 'ask [CLS] ann').every((piece) => !piece.startsWith('1:')))
})

test('byte pairs merge in the order in which they were learnt, over the bytes of a character', () => {
  assert.deepEqual(cut(BYTE_PAIRS, 'ann ann'), ['31:ann', '32: ann'])
  const accented = createTokenizer(BYTE_PAIRS).pieces('é')
  assert.deepEqual(
    accented.map(({ start, end }) => [start, end]),
    [
      [0, 1],
      [0, 1],
    ],
  )
})

test('Unigram takes the likeliest cut', () => {
  assert.deepEqual(cut(UNIGRAM, 'ann'), ['2:ann'])
  assert.deepEqual(cut(UNIGRAM, 'ana'), ['3:an', '4:a'])
  assert.deepEqual(
    cut(UNIGRAM, 'ann  ann'),
    ['2:ann', '2: ann'].map((piece) => piece.replace('2: ', '2:  ')),
  )
})

test('marks around a sequence come from the file', () => {
  assert.deepEqual({ ...createTokenizer(BERT), pieces: 0 }, { before: [1], after: [2], pieces: 0 })
  assert.deepEqual({ ...createTokenizer(BYTE_PAIRS), pieces: 0 }, { before: [0], after: [2], pieces: 0 })
  assert.deepEqual({ ...createTokenizer(UNIGRAM), pieces: 0 }, { before: [], after: [], pieces: 0 })
})

test('pieces are in order and inside the text, whatever it is', () => {
  const tokenizers = [BERT, BYTE_PAIRS, UNIGRAM].map(createTokenizer)
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      for (const tokenizer of tokenizers) {
        let at = 0
        for (const { start, end } of tokenizer.pieces(text)) {
          assert.ok(start >= at && end >= start && end <= text.length)
          at = start
        }
      }
    }),
    { numRuns: 40 },
  )
})

test('long hostile words stay linear', () => {
  for (const file of [BERT, BYTE_PAIRS, UNIGRAM]) {
    const tokenizer = createTokenizer(file)
    for (const unit of ['a', 'an', '▁', '\u0301', '😀']) tokenizer.pieces(unit.repeat(8_000))
  }
})

const WRONG: readonly (readonly [string, unknown, NamesError['reason']])[] = [
  ['no object', [], 'file_damaged'],
  ['an unknown normaliser', { ...BERT, normalizer: { type: 'Magic' } }, 'unsupported'],
  ['an unknown pre-tokeniser', { ...BERT, pre_tokenizer: { type: 'Magic' } }, 'unsupported'],
  ['an unknown model', { ...BERT, model: { type: 'Magic', vocab: {} } }, 'unsupported'],
  ['a vocabulary of words', { ...BERT, model: { ...BERT.model, vocab: ['ask'] } }, 'file_damaged'],
  [
    'marks without a number',
    { ...BERT, added_tokens: [], model: { ...BERT.model, vocab: { ask: 0 } } },
    'file_damaged',
  ],
]

for (const [name, file, reason] of WRONG) {
  test(`a file with ${name} is refused at the start`, () => {
    assert.throws(
      () => createTokenizer(file),
      (error) => error instanceof NamesError && error.reason === reason,
    )
  })
}
