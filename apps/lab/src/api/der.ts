/** One encoded value. */
export type DerParts = Buffer;

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

function value(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthBytes(content.length), content]);
}

function oidBytes(oid: string): Buffer {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 0x7f];
    for (let high = Math.floor(part / 128); high > 0; high = Math.floor(high / 128))
      groups.unshift((high & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return Buffer.from(bytes);
}

/** ASN.1 in its distinguished encoding (X.690): as much of it as a certificate needs. */
export const der = Object.freeze({
  sequence: (...parts: readonly Buffer[]) => value(0x30, ...parts),
  set: (...parts: readonly Buffer[]) => value(0x31, ...parts),
  boolean: (is: boolean) => value(0x01, Buffer.from([is ? 0xff : 0])),
  /** A small number below 128, or the big-endian bytes of a positive one. */
  integer: (number: number | Buffer) =>
    value(0x02, typeof number === 'number' ? Buffer.from([number]) : number),
  oid: (oid: string) => value(0x06, oidBytes(oid)),
  utf8String: (text: string) => value(0x0c, Buffer.from(text)),
  octetString: (bytes: Buffer) => value(0x04, bytes),
  bitString: (bytes: Buffer, unusedBits = 0) => value(0x03, Buffer.from([unusedBits]), bytes),
  /** Years 1950 to 2049. */
  utcTime: (ms: number) =>
    value(0x17, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`)),
  /** A constructed context tag around a value. */
  context: (number: number, part: Buffer) => value(0xa0 | number, part),
  /** A context tag in place of the value's own. */
  contextPrimitive: (number: number, bytes: Buffer) => value(0x80 | number, bytes),
});
