import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { MalformedMessage } from './malformed';
import { between, type Coding, from, struct, tagged, upTo } from './schema';
import { array, bytes, int16, int32, nullableArray, nullableString, string } from './types';

const sample = struct({
  name: string,
  old: upTo(1, int16, -1),
  middle: between(1, 2, int16, -2),
  young: from(2, int32, -3),
  note: tagged(5, 3, nullableString, null),
});
const coding = (version: number): Coding => ({ version, flexible: version >= 3 });

function roundTrip(version: number, value: Parameters<typeof sample.write>[1]) {
  const writer = new ByteWriter();
  sample.write(writer, value, coding(version));
  return sample.read(new ByteReader(Buffer.concat(writer.finish())), coding(version));
}

describe('a schema', () => {
  it('has in each version the fields of that version, and defaults for the others', () => {
    const value = { name: 'x', old: 1, middle: 2, young: 3 };
    expect(roundTrip(0, value)).toEqual({ name: 'x', old: 1, middle: -2, young: -3, note: null });
    expect(roundTrip(1, value)).toEqual({ name: 'x', old: 1, middle: 2, young: -3, note: null });
    expect(roundTrip(2, value)).toEqual({ name: 'x', old: -1, middle: 2, young: 3, note: null });
    expect(roundTrip(3, { ...value, note: 'n' })).toEqual({
      name: 'x',
      old: -1,
      middle: -2,
      young: 3,
      note: 'n',
    });
  });

  it('writes defaults for what is left out', () => {
    expect(roundTrip(1, { name: 'x' })).toEqual({ name: 'x', old: -1, middle: -2, young: -3, note: null });
  });

  it('skips tagged fields that it does not know', () => {
    // name "x", young 3, two tagged fields: 9 with 3 bytes, 5 with the string "n".
    const message = Buffer.from('0278' + '00000003' + '02' + '0903aabbcc' + '0502' + '026e', 'hex');
    expect(sample.read(new ByteReader(message), coding(3))).toMatchObject({ name: 'x', young: 3, note: 'n' });
  });

  it('refuses a tagged field that is longer than it says', () => {
    const message = Buffer.from('0278' + '00000003' + '01' + '0501' + '026e', 'hex');
    expect(() => sample.read(new ByteReader(message), coding(3))).toThrow(MalformedMessage);
  });

  it('codes null and empty apart, in both codings', () => {
    const type = nullableArray(int16);
    for (const flexible of [false, true]) {
      for (const value of [null, [], [1, 2]]) {
        const writer = new ByteWriter();
        type.write(writer, value, { version: 0, flexible });
        expect(type.read(new ByteReader(Buffer.concat(writer.finish())), { version: 0, flexible })).toEqual(
          value,
        );
      }
    }
  });

  it.each([
    ['a null string', string, 'ffff'],
    ['a negative string length', string, 'fffe'],
    ['a null array', array(int16), 'ffffffff'],
    ['an array longer than the message', array(int16), '7fffffff0001'],
    ['bytes longer than the message', bytes, '0000000500'],
  ])('refuses %s', (_name, type, hex) => {
    const read = () => type.read(new ByteReader(Buffer.from(hex, 'hex')), { version: 0, flexible: false });
    expect(read).toThrow(MalformedMessage);
  });
});
