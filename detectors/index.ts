/** Text in, findings out. Pure: no network, clock, environment or log. */
export * from './entities.ts'
export * from './types.ts'
