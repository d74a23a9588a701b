import type { Labels } from '../labels';

/** A series for Prometheus' remote-write endpoint; a value of null is a staleness marker. */
export interface WrittenSeries {
  readonly labels: Labels;
  readonly samples: readonly { readonly timeMs: number; readonly value: number | null }[];
}

const staleNaN = 0x7ff0000000000002n;

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest ? low | 0x80 : low);
  } while (rest);
  return bytes;
}

function field(number: number, payload: readonly number[]): number[] {
  return [(number << 3) | 2, ...varint(BigInt(payload.length)), ...payload];
}

function text(number: number, value: string): number[] {
  return field(number, [...new TextEncoder().encode(value)]);
}

function sample(timeMs: number, value: number | null): number[] {
  const view = new DataView(new ArrayBuffer(8));
  if (value === null) view.setBigUint64(0, staleNaN, true);
  else view.setFloat64(0, value, true);
  return [0x09, ...new Uint8Array(view.buffer), 0x10, ...varint(BigInt(timeMs))];
}

/** Snappy's block format with literals only: valid, merely not smaller. */
function snappy(bytes: readonly number[]): Uint8Array {
  const out = varint(BigInt(bytes.length));
  for (let at = 0; at < bytes.length; at += 65_536) {
    const chunk = bytes.slice(at, at + 65_536);
    const size = chunk.length - 1;
    out.push(61 << 2, size & 0xff, size >> 8);
    for (const byte of chunk) out.push(byte);
  }
  return Uint8Array.from(out);
}

/** The body of a remote-write request: protobuf in snappy. */
export function remoteWriteBody(series: readonly WrittenSeries[]): Uint8Array {
  const message: number[] = [];
  for (const { labels, samples } of series) {
    const parts = Object.keys(labels)
      .sort()
      .flatMap((name) => field(1, [...text(1, name), ...text(2, labels[name] ?? '')]));
    for (const { timeMs, value } of samples)
      for (const byte of field(2, sample(timeMs, value))) parts.push(byte);
    for (const byte of field(1, parts)) message.push(byte);
  }
  return snappy(message);
}
