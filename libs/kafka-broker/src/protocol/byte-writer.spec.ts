import { seededRandom } from '@scalelab/testing';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { MalformedMessage } from './malformed';

const written = (write: (to: ByteWriter) => void): Buffer => {
  const writer = new ByteWriter();
  write(writer);
  return Buffer.concat(writer.finish());
};

describe('primitive types', () => {
  it.each([
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [300, 'd804'],
    [2_147_483_647, 'feffffff0f'],
    [-2_147_483_648, 'ffffffff0f'],
  ])('codes the varint %i as %s', (value, hex) => {
    expect(written((to) => to.varint(value)).toString('hex')).toBe(hex);
    expect(new ByteReader(Buffer.from(hex, 'hex')).varint()).toBe(value);
  });

  it.each([0, -1, 1, 4_294_967_296, -4_294_967_297, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])(
    'codes %i in 64 bits and as a varlong',
    (value) => {
      expect(new ByteReader(written((to) => to.int64(value))).int64()).toBe(value);
      expect(new ByteReader(written((to) => to.varlong(value))).varlong()).toBe(value);
    },
  );

  it('refuses varints that do not end', () => {
    const endless = Buffer.alloc(12, 0xff);
    expect(() => new ByteReader(endless).uvarint()).toThrow(MalformedMessage);
    expect(() => new ByteReader(endless).varlong()).toThrow(MalformedMessage);
  });

  it('reads back any mix of values, wherever its chunks end', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 100; round += 1) {
      const values = Array.from({ length: 60 }, () => ({
        kind: random.pick(['int8', 'int16', 'int32', 'int64', 'uvarint', 'varint', 'varlong'] as const),
        value: random.int(0, 127),
      }));
      const writer = new ByteWriter(random.int(1, 24));
      const large = Buffer.alloc(2_000, round);
      for (const { kind, value } of values) writer[kind](value);
      writer.reference(large);
      for (const { kind, value } of values) writer[kind](value);
      const length = writer.length;
      const bytes = Buffer.concat(writer.finish());
      expect(bytes).toHaveLength(length);
      const reader = new ByteReader(bytes);
      const wanted = values.map(({ value }) => value);
      expect(values.map(({ kind }) => reader[kind]())).toEqual(wanted);
      expect(reader.slice(large.length).equals(large)).toBe(true);
      expect(values.map(({ kind }) => reader[kind]())).toEqual(wanted);
      expect(reader.remaining).toBe(0);
    }
  });

  it('gives large references through without a copy', () => {
    const large = Buffer.alloc(4_096);
    const writer = new ByteWriter();
    writer.int32(1);
    writer.reference(large);
    writer.int32(2);
    expect(writer.finish()[1]).toBe(large);
  });
});
