import type { CommandModule } from './command.ts'
import { eachLine } from './lines.ts'

/** `classify`: JSONL prompts in, JSONL classes out. */
export const classify: CommandModule = (program, runner) => {
  program
    .command('classify')
    .description(
      'classify prompts: stdin JSONL {"id","text","answer"?} to stdout JSONL {"id","task","domain","needs_strong","injection"}, with an answer also "local_confidence"',
    )
    .action(() =>
      runner(async () => {
        const classifier = await import('../classify/index.ts')
        return eachLine(process.stdin, ({ id, text, answer }) => ({
          id,
          ...classifier.classify(text),
          ...(answer === undefined ? {} : { local_confidence: classifier.confidence(text, answer) }),
        }))
      }),
    )
}
