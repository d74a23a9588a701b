import { randomFillSync } from 'node:crypto';

const pool = Buffer.allocUnsafe(8192);
let used = pool.length;

/** Random bytes as lower-case hex. Drawn from a pool, since one call into the system per id would cost a microsecond. */
export function randomHex(bytes: 8 | 16): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool.toString('hex', used, (used += bytes));
}

const allowed = /^[A-Za-z0-9._:/+=@-]{1,128}$/;

/** The caller's x-request-id when it is printable, short and safe to log and send back; undefined otherwise. */
export function acceptedRequestId(header: string | undefined): string | undefined {
  return header !== undefined && allowed.test(header) ? header : undefined;
}
