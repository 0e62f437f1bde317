/**
 * Texts that a model reads without a break: the parts of one message, and messages that follow each other from the
 * same speaker. Whoever is cut in two between them is found in neither.
 */
import type { WireSlot } from './slots.ts'

/** Slots of one run, in order; at least two. */
export type TextRun = readonly WireSlot[]

/** What is needed of a message or item: who speaks, and whether its content comes in parts. */
export interface RunMessage {
  /** Messages with the same speaker that follow each other are one run. */
  readonly speaker: string
  readonly hasParts: boolean
}

/**
 * The runs among `slots`. `lanes` matches the lanes of message texts and captures the index of the message.
 * Slots of text that is walked as JSON share a lane, and are no prose: they end a run.
 */
export function textRuns(
  messages: readonly RunMessage[],
  slots: readonly WireSlot[],
  lanes: RegExp,
): readonly TextRun[] {
  const starts = messages.map((message, index) => message.speaker !== messages[index - 1]?.speaker)
  if (!messages.some(({ hasParts }, index) => hasParts || starts[index] === false)) return []
  const shared = sharedLanes(slots)
  const runs: WireSlot[][] = []
  let open: WireSlot[] | null = null
  let last = -1
  for (const slot of slots) {
    const match = lanes.exec(slot.lane)
    if (match === null) continue
    const index = Number(match[1])
    const goesOn = index === last || (index === last + 1 && starts[index] === false)
    last = index
    if (slot.part === 'name' || shared.has(slot.lane)) {
      open = null
      continue
    }
    if (open === null || !goesOn) {
      open = []
      runs.push(open)
    }
    if (slot.text !== '') open.push(slot)
  }
  return runs.filter((run) => run.length > 1)
}

function sharedLanes(slots: readonly WireSlot[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const shared = new Set<string>()
  for (const { lane } of slots) {
    if (seen.has(lane)) shared.add(lane)
    seen.add(lane)
  }
  return shared
}
