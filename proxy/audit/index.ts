/** The audit log: metadata only, durable before the first byte leaves. */
export { canonicalRecord, leafHash, parseRecord, REQUEST_ID } from './entry.ts'
export { AuditError, type AuditErrorCode } from './errors.ts'
export { createIds, type Ids } from './ids.ts'
export { type AuditLogOptions, createAuditLog, type OpenedAuditLog } from './log.ts'
export { exportLines, type FoundRecord, searchAudit, writeLines } from './search.ts'
