import { type SeededRandom, seededRandom } from '@scalelab/testing';
import { routes } from '../handlers';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { MalformedMessage } from './malformed';
import type { Coding, Type } from './schema';

/** Reads made-up values instead of bytes, so that a schema makes its own random messages. */
class RandomReader extends ByteReader {
  constructor(private readonly random: SeededRandom) {
    super(Buffer.alloc(0));
  }

  override get remaining(): number {
    return 1_000;
  }

  override int8 = () => this.random.int(0, 1);
  // Also lengths and counts: kept small, and null now and then where that is allowed.
  override int16 = () => this.random.int(0, 4);
  override int32 = () => this.random.int(0, 3);
  override int64 = () => this.random.int(-1, Number.MAX_SAFE_INTEGER);
  override utf8 = (length: number) =>
    Array.from({ length }, () => this.random.pick(['a', 'é', '€', '😀'])).join('');
  override slice = (length: number) => Buffer.from(Array.from({ length }, () => this.random.int(0, 255)));
}

const cases = routes.flatMap(({ api }) => {
  const [lowest, highest] = api.versions;
  return Array.from({ length: highest - lowest + 1 }, (_unused, index) => {
    const version = lowest + index;
    return { name: `${api.name} ${version}`, api, version, flexible: version >= api.flexibleFrom };
  });
});

function encode(type: Type<unknown, never>, value: unknown, coding: Coding): Buffer {
  const writer = new ByteWriter(16);
  type.write(writer, value as never, coding);
  return Buffer.concat(writer.finish());
}

describe('messages', () => {
  it.each(cases)('$name reads back what it writes, to the last byte', ({ api, version, flexible }) => {
    const random = seededRandom(api.key * 100 + version);
    for (const type of [api.request, api.response]) {
      for (let sample = 0; sample < 10; sample += 1) {
        // Without flexible coding the made-up lengths have one meaning only; the version decides on the fields.
        const value = type.read(new RandomReader(random), { version, flexible: false });
        const bytes = encode(type, value, { version, flexible });
        const reader = new ByteReader(bytes);
        expect(type.read(reader, { version, flexible })).toEqual(value);
        expect(reader.remaining).toBe(0);
      }
    }
  });

  it.each(cases)('$name refuses a message that is cut short', ({ api, version, flexible }) => {
    const random = seededRandom(api.key * 100 + version);
    const value = api.request.read(new RandomReader(random), { version, flexible: false });
    const bytes = encode(api.request, value, { version, flexible });
    const refused = (length: number): boolean => {
      try {
        api.request.read(new ByteReader(bytes.subarray(0, length)), { version, flexible });
        return false;
      } catch (error) {
        return error instanceof MalformedMessage;
      }
    };
    const lengths = Array.from({ length: bytes.length }, (_unused, length) => length);
    expect(lengths.filter((length) => !refused(length))).toEqual([]);
  });
});
