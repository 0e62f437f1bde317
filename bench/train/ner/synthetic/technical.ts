/**
 * Text that is full of capitals, initials and numbers and names nobody: code, logs, formulas, exam questions,
 * headings, lists of goods. Requests are full of it, the labelled sets have none. Made of frequent words, so that
 * the shape is learnt and not the words.
 */
import type { SeededRandom } from '../random.ts'
import { codeLines, figuresTable } from './number-lines.ts'

/** Makes unlabelled text of one language's words. */
export class TechnicalWriter {
  private readonly random: SeededRandom
  private readonly words: readonly string[]
  private readonly english: readonly string[]
  private readonly capitals: number

  /**
   * `words`: frequent words of the language in lower case, without names. `english`: what code is mostly made of.
   * `capitals`: how often a word has a capital in mid-sentence, as German nouns do.
   */
  constructor(
    random: SeededRandom,
    options: {
      readonly words: readonly string[]
      readonly english: readonly string[]
      readonly capitals: number
    },
  ) {
    this.random = random
    this.words = options.words
    this.english = options.english
    this.capitals = options.capitals
  }

  /** One text of one of the kinds. */
  make(): string {
    const { random } = this
    const kinds = [
      () => this.code(),
      () => this.code(),
      () => this.exam(),
      () => this.exam(),
      () => this.exam(),
      () => this.formulas(),
      () => this.log(),
      () => this.headings(),
      () => this.goods(),
      () => this.settings(),
      () => figuresTable(random, () => this.word()),
      () => codeLines(random, () => this.word()),
    ]
    return random.pick(kinds)()
  }

  private word(): string {
    return this.random.pick(this.words)
  }

  private codeWord(): string {
    return ascii(this.random.pick(this.random.chance(0.75) ? this.english : this.words)) || 'item'
  }

  private title(): string {
    return capitalised(this.word())
  }

  private phrase(least: number, most: number): string {
    const length = least + this.random.below(most - least + 1)
    return Array.from({ length }, () =>
      this.random.chance(this.capitals) ? this.title() : this.word(),
    ).join(' ')
  }

  private lines(least: number, most: number, line: (n: number) => string): string {
    const length = least + this.random.below(most - least + 1)
    return Array.from({ length }, (_, n) => line(n)).join('\n')
  }

  private number(): string {
    const { random } = this
    return random.pick([
      () => String(random.below(10)),
      () => String(random.below(1000)),
      () => `${random.below(100)}.${random.below(100)}`,
      () => `${random.below(100)}%`,
      () => `${1 + random.below(9)} × 10^${random.below(12)}`,
      () => `-${random.below(60)}`,
    ])()
  }

  private identifier(): string {
    const { random } = this
    const parts = Array.from({ length: 1 + random.below(3) }, () => this.codeWord())
    const camel = parts.map((part, n) => (n === 0 ? part : capitalised(part))).join('')
    return random.pick([
      () => camel,
      () => camel,
      () => capitalised(camel),
      () => capitalised(camel),
      () => parts.join('_'),
      () => parts.join('_').toUpperCase(),
      () => parts.join('-'),
      () => random.pick([...'abcdefijknxyzABKMNTXY']),
    ])()
  }

  private path(): string {
    const length = 2 + this.random.below(3)
    return Array.from({ length }, () => this.identifier()).join('.')
  }

  private call(): string {
    const { random } = this
    const name = random.chance(0.6) ? this.path() : this.identifier()
    const inside = Array.from({ length: random.below(4) }, () =>
      random.pick([() => this.identifier(), () => this.number(), () => `"${this.word()}"`])(),
    )
    return `${name}(${inside.join(', ')})`
  }

  private code(): string {
    const { random } = this
    const line = (): string => {
      const a = this.identifier()
      const b = this.identifier()
      return random.pick([
        () => `const ${a} = ${this.call()};`,
        () => `let ${a} = ${this.number()}`,
        () => `${a} = ${this.call()}`,
        () => `import ${a} from '${b}'`,
        () => `import { ${a}, ${b} } from "./${this.identifier()}";`,
        () => `from ${this.path()} import ${a}, ${b}`,
        () => `import ${this.path()};`,
        () => `import ${a}`,
        () => `#include <${a}.h>`,
        () => `using ${this.path()};`,
        () => `public class ${capitalised(a)} extends ${capitalised(b)} {`,
        () => `public static void ${a}(${capitalised(b)}<${this.title()}> ${this.identifier()}) {`,
        () => `private final List<${capitalised(b)}> ${a} = new ArrayList<>();`,
        () => `def ${a}(self, ${b}=None):`,
        () => `    return self.${this.call()}`,
        () => `  if (${a} === ${b}) return ${this.identifier()}`,
        () => `for (int i = 0; i < ${a}; i++) { ${this.call()}; }`,
        () => `func ${a}(${b} ${capitalised(this.identifier())}) error {`,
        () => `fn ${a}(&self, ${b}: &str) -> Result<${capitalised(b)}, Error> {`,
        () => `interface ${capitalised(a)} { ${b}: string; ${this.identifier()}?: number }`,
        () =>
          `SELECT ${a}, COUNT(*) FROM ${b} JOIN ${this.identifier()} ON ${this.path()} = ${this.path()} WHERE ${a} > ${this.number()} ORDER BY ${b};`,
        () =>
          `CREATE TABLE ${a} (${b} VARCHAR(${this.random.below(255)}) NOT NULL, ${a}_id INT PRIMARY KEY);`,
        () => `<${a} class="${b}">${capitalised(this.phrase(1, 4))}</${a}>`,
        () => `.${a} { ${b}: ${this.number()}px; }`,
        () => `document.querySelector('.${a}').addEventListener('${b}', ${this.identifier()});`,
        () => `$ ${a} --${b} ${this.identifier()} -${random.pick([...'abcfhlrvX'])} ./${this.identifier()}`,
        () => `curl -X POST https://example.com/${a}/${b} -H "Content-Type: application/json"`,
        () => `// ${capitalised(this.phrase(2, 7))}`,
        () => `# ${this.phrase(2, 7)}`,
        () => `/** @param ${a} ${this.phrase(2, 5)} */`,
        () => `@${capitalised(a)}`,
        () => `print(f"${this.title()}: {${a}}")`,
        () => `assert ${this.call()} == ${this.number()}`,
        () => `throw new ${capitalised(a)}Exception("${capitalised(this.phrase(2, 5))}");`,
        () => `}`,
      ])()
    }
    const body = this.lines(2, 9, line)
    return random.chance(0.2) ? `\`\`\`\n${body}\n\`\`\`` : body
  }

  private exam(): string {
    const { random } = this
    const style = random.pick(['A. ', 'A) ', '(A) ', 'a) ', '(a) ', '1. ', '1) ', 'A: ', '- '])
    // Options often begin alike.
    const first = random.pick([this.title(), 'The', 'Both', 'Not', 'All'])
    const option = random.pick([
      () => capitalised(this.phrase(1, 2)),
      () => capitalised(this.phrase(2, 7)),
      () => `${capitalised(this.phrase(3, 9))}.`,
      () =>
        `${this.number()} ${random.pick(['', 'm/s', 'kg', 'K', 'N', 'V', '°C', '°F', 'mol', 'kJ/kg', 'A', '%'])}`,
      () => this.phrase(1, 5),
      () => `${this.title()}, ${this.title()}`,
      () => `${first} ${this.phrase(1, 6)}${random.pick(['', '.'])}`,
    ])
    const options = this.lines(3, 10, (n) => {
      const letter = String.fromCharCode(65 + n)
      return (
        style
          .replace('A', letter)
          .replace('a', letter.toLowerCase())
          .replace('1', String(n + 1)) + option()
      )
    })
    const question = `${random.pick(['', 'Q: ', `${1 + random.below(40)}. `, 'Question: '])}${capitalised(this.phrase(5, 18))}${random.pick(['?', ':', '.', ' ____.'])}`
    const ending = random.pick([
      '',
      '',
      '\nAnswer:',
      '\nAnswer:',
      `\nAnswer: ${random.pick([...'ABCDEFGHIJ'])}`,
      '\nA:',
    ])
    return `${question}\n${options}${ending}`.replaceAll('\n', random.chance(0.15) ? ' ' : '\n')
  }

  private formulas(): string {
    const { random } = this
    const letter = (): string => random.pick([...'abcfghknpqrstxyzABCDEFGHKLMNPQRSTVXYZ'])
    return this.lines(1, 5, () =>
      random.pick([
        () =>
          `Let ${letter()} and ${letter()} be ${this.phrase(1, 4)} with ${letter()} = ${letter()}^${random.below(9)} + ${this.number()}.`,
        () => `$${letter()}(${letter()}) = \\frac{${letter()}}{${letter()}} + ${this.number()}$`,
        () => `${letter()} = ${this.number()}, ${letter()} = ${this.number()}, ${letter()} = ?`,
        () =>
          `${capitalised(this.phrase(3, 8))} ${letter()}, ${letter()} and ${letter()}: ${letter()} > ${letter()}.`,
        () => `${letter()} -> ${letter()}, not ${letter()}, (${letter()} & ${letter()}) v ${letter()}`,
        () =>
          `${this.title()} ${letter()}: ${this.number()} ${this.word()}; ${this.title()} ${letter()}: ${this.number()}`,
        () => `${this.number()} + ${this.number()} = ${this.number()}`,
        () => `${capitalised(this.phrase(4, 10))} ${this.number()} ${this.word()}.`,
      ])(),
    )
  }

  private log(): string {
    const { random } = this
    const level = (): string => random.pick(['INFO', 'WARN', 'ERROR', 'DEBUG', 'error', 'Warning', 'FATAL'])
    return this.lines(2, 7, () =>
      random.pick([
        () => `[${level()}] ${this.identifier()}: ${this.phrase(2, 8)}`,
        () => `${level()} ${this.path()} - ${capitalised(this.phrase(2, 6))} (${this.number()} ms)`,
        () => `    at ${this.path()}(${capitalised(this.identifier())}.java:${random.below(900)})`,
        () => `  File "${this.identifier()}.py", line ${random.below(900)}, in ${this.identifier()}`,
        () => `${capitalised(this.identifier())}Error: ${this.phrase(2, 8)}`,
        () => `Caused by: ${this.path()}: ${this.phrase(1, 5)}`,
      ])(),
    )
  }

  private headings(): string {
    const { random } = this
    return this.lines(1, 5, () => {
      const words = this.phrase(2, 7).split(' ')
      const heading = random.pick([
        () => words.map(capitalised).join(' '),
        () => words.map(capitalised).join(' '),
        () => words.join(' ').toUpperCase(),
        () => capitalised(words.join(' ')),
      ])()
      const mark = random.pick(['', '', '# ', '## ', '- ', '* ', `${1 + random.below(9)}. `, '**'])
      return `${mark}${heading}${mark === '**' ? '**' : random.pick(['', '', ':', '.'])}`
    })
  }

  private goods(): string {
    const { random } = this
    const length = 4 + random.below(9)
    const separator = random.pick(['; ', ', ', '; ', ' / '])
    const items = Array.from({ length }, () =>
      random.chance(0.6) ? capitalised(this.phrase(1, 2)) : this.phrase(1, 3),
    )
    return `${capitalised(this.phrase(1, 3))}: ${items.join(separator)}.`
  }

  private settings(): string {
    const { random } = this
    const separator = random.pick([': ', '=', ' = ', ':\n  ', '": "'])
    return this.lines(2, 8, () => {
      const value = random.pick([
        () => this.word(),
        () => this.title(),
        () => this.number(),
        () => 'true',
        () => this.identifier(),
        () => this.phrase(2, 5),
      ])()
      const edge = separator === '": "' ? '"' : ''
      return `${edge}${random.chance(0.5) ? this.identifier() : this.title()}${separator}${value}${edge}`
    })
  }
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}

function ascii(word: string): string {
  return word.normalize('NFD').replace(/[^a-z]/giu, '')
}
