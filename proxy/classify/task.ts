/** What a prompt asks to be done, by the words that ask for it. */
import { TASKS, type Task } from './markers.ts'
import { COUNT, MARKER, type Scan } from './scan.ts'

/** Fewer words than this without a question or an instruction are small talk. */
const SMALL_TALK = 8

/** The task with most points; earlier ones of `TASKS` win ties, since they are the more particular. */
export function taskOf(scan: Scan): Task {
  const { tasks, counts, words } = scan
  if ((counts[COUNT.fences] ?? 0) > 0 || (counts[COUNT.codeSigns] ?? 0) > 0.06 * (counts[COUNT.chars] ?? 0)) {
    return 'code'
  }
  let best = -1
  for (let i = 0; i < TASKS.length; i++) {
    if ((tasks[i] ?? 0) > (best < 0 ? 0 : (tasks[best] ?? 0))) best = i
  }
  const isQuestion = (counts[COUNT.questions] ?? 0) > 0 || (scan.markers[MARKER.ask] ?? 0) > 0
  if (best >= 0) return TASKS[best] ?? 'other'
  if (isQuestion) return 'question'
  return words < SMALL_TALK ? 'chat' : 'other'
}
