import { StoreError } from './errors.ts'

/** A database that does not answer must not hold a caller for ever: the statement goes on, the caller leaves. */
export async function withDeadline<T>(doing: string, ms: number, work: () => PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreError('timeout', `${doing}: no answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}
