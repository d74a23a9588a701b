import { atoi, GoTextError, parseBool, parseFloat64, parseInt64 } from './text';

const said = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    if (error instanceof GoTextError) return error.message;
    throw error;
  }
};

describe('numbers as Go reads them', () => {
  it.each([
    ['0', 0n],
    ['-12', -12n],
    ['+3', 3n],
    ['007', 7n],
    ['9223372036854775807', 9223372036854775807n],
    ['9223372036854775808', 'strconv.ParseInt: parsing "9223372036854775808": value out of range'],
    ['-9223372036854775809', 'strconv.ParseInt: parsing "-9223372036854775809": value out of range'],
    ['', 'strconv.ParseInt: parsing "": invalid syntax'],
    ['1.5', 'strconv.ParseInt: parsing "1.5": invalid syntax'],
    ['1_0', 'strconv.ParseInt: parsing "1_0": invalid syntax'],
    [' 1', 'strconv.ParseInt: parsing " 1": invalid syntax'],
  ])('parseInt64(%j) is %s', (text, expected) => {
    expect(said(() => parseInt64(text))).toBe(expected);
  });

  it.each([
    ['2147483647', 2147483647n],
    ['2147483648', 'strconv.ParseInt: parsing "2147483648": value out of range'],
    ['-2147483648', -2147483648n],
  ])('parseInt64(%j, 32) is %s', (text, expected) => {
    expect(said(() => parseInt64(text, 32))).toBe(expected);
  });

  it.each([
    ['10', 10],
    ['-7', -7],
    ['+7', 7],
    ['x', 'strconv.Atoi: parsing "x": invalid syntax'],
    ['99999999999999999999', 'strconv.Atoi: parsing "99999999999999999999": value out of range'],
    ['-99999999999999999999', 'strconv.Atoi: parsing "-99999999999999999999": value out of range'],
  ])('atoi(%j) is %s', (text, expected) => {
    expect(said(() => atoi(text))).toBe(expected);
  });

  it.each([
    ['1', 1],
    ['1.', 1],
    ['.5', 0.5],
    ['-2.5e-3', -0.0025],
    ['1_000', 1000],
    ['0x1p4', 16],
    ['-0x.8p1', -1],
    ['0x1_0p0', 16],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
    ['NaN', NaN],
    ['+nan', 'strconv.ParseFloat: parsing "+nan": invalid syntax'],
    ['', 'strconv.ParseFloat: parsing "": invalid syntax'],
    ['.', 'strconv.ParseFloat: parsing ".": invalid syntax'],
    ['_1', 'strconv.ParseFloat: parsing "_1": invalid syntax'],
    ['1__0', 'strconv.ParseFloat: parsing "1__0": invalid syntax'],
    ['1_', 'strconv.ParseFloat: parsing "1_": invalid syntax'],
    ['0x10', 'strconv.ParseFloat: parsing "0x10": invalid syntax'],
    ['0xp1', 'strconv.ParseFloat: parsing "0xp1": invalid syntax'],
    ['1e400', 'strconv.ParseFloat: parsing "1e400": value out of range'],
    ['5 ', 'strconv.ParseFloat: parsing "5 ": invalid syntax'],
  ])('parseFloat64(%j) is %s', (text, expected) => {
    expect(said(() => parseFloat64(text))).toBe(expected);
  });

  it.each(['1', 't', 'T', 'TRUE', 'true', 'True'])('parseBool(%j) is true', (text) => {
    expect(parseBool(text)).toBe(true);
  });
  it.each(['0', 'f', 'F', 'FALSE', 'false', 'False'])('parseBool(%j) is false', (text) => {
    expect(parseBool(text)).toBe(false);
  });
  it.each(['', 'yes', 'tRUE', '2'])('parseBool(%j) is refused', (text) => {
    expect(said(() => parseBool(text))).toBe(
      `strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  });
});
