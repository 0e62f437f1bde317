/** The codec: findings to placeholders on the way out, placeholders to values on the way back. */
export * from './types.ts'
