import type { Layer } from '../../detectors/index.ts'
import { CliError, CONFIG_OPTION, type CommandModule, configFor } from './command.ts'
import { eachLine } from './lines.ts'

const LAYERS: readonly Layer[] = ['pattern', 'ner', 'contextual']

/** `detect`: JSONL texts in, JSONL spans out, line by line. */
export const detect: CommandModule = (program, runner) => {
  program
    .command('detect')
    .description('find personal data: stdin JSONL {"id","text","lang"?} to stdout JSONL {"id","spans"}')
    .option(
      '--layers <list>',
      'pattern, ner, contextual; comma-separated (default: those the configuration switches on)',
    )
    .option(...CONFIG_OPTION)
    .action((options: { layers?: string; config?: string }) =>
      runner(async () => {
        const { createTextDetector } = await import('../detect-text.ts')
        const detector = await createTextDetector(configFor(options), parseLayers(options.layers))
        try {
          return await eachLine(process.stdin, async (record) => ({
            id: record.id,
            spans: await detector.detect(record.text, record.lang),
          }))
        } finally {
          await detector.close()
        }
      }),
    )
}

function parseLayers(list: string | undefined): readonly Layer[] | undefined {
  if (list === undefined) return undefined
  return list.split(',').map((name) => {
    const layer = LAYERS.find((known) => known === name.trim())
    if (layer === undefined) throw new CliError(`--layers takes ${LAYERS.join(', ')}, comma-separated`)
    return layer
  })
}
