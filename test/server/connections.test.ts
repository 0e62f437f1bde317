/** Who counts as one client. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientOf } from '../../proxy/server/connections.ts'

for (const [address, client] of [
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::1', '2001:db8:1:2'],
  ['2001:0db8:0001:0002::1', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
  [undefined, 'unknown'],
] as const) {
  test(`${address} is the client ${client}`, () => assert.equal(clientOf(address), client))
}
