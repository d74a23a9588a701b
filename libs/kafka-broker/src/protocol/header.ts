import { type ByteReader } from './byte-reader';
import type { ByteWriter } from './byte-writer';

export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
}

/** The part of the header that every version has. The client id keeps its 16-bit length in flexible versions too. */
export function readRequestHeader(from: ByteReader): RequestHeader {
  const apiKey = from.int16();
  const apiVersion = from.int16();
  const correlationId = from.int32();
  const length = from.int16();
  return { apiKey, apiVersion, correlationId, clientId: length < 0 ? null : from.utf8(length) };
}

export function writeRequestHeader(to: ByteWriter, header: RequestHeader, flexible: boolean): void {
  to.int16(header.apiKey);
  to.int16(header.apiVersion);
  to.int32(header.correlationId);
  if (header.clientId === null) to.int16(-1);
  else {
    to.int16(Buffer.byteLength(header.clientId));
    to.utf8(header.clientId);
  }
  if (flexible) to.uvarint(0);
}

/** Skips the tagged section that closes a flexible header. */
export function skipTaggedFields(from: ByteReader): void {
  for (let count = from.uvarint(); count > 0; count -= 1) {
    from.uvarint();
    from.skip(from.uvarint());
  }
}
