/** Facts in, decision out. Pure: no network, clock, environment or log. */
export * from './types.ts'
