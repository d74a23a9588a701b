import { unmarshalNumber } from './json';
import { GoTextError } from './text';

const said = (text: string, type: 'int64' | 'float64'): unknown => {
  try {
    return unmarshalNumber(text, type);
  } catch (error) {
    if (error instanceof GoTextError) return error.message;
    throw error;
  }
};

describe('one number as encoding/json takes it', () => {
  it.each([
    ['5', 5n],
    ['-0', 0n],
    ['9223372036854775807', 9223372036854775807n],
    ['9223372036854775808', 'json: cannot unmarshal number 9223372036854775808 into Go value of type int64'],
    ['2.5', 'json: cannot unmarshal number 2.5 into Go value of type int64'],
    ['1e3', 'json: cannot unmarshal number 1e3 into Go value of type int64'],
    ['"5"', 'json: cannot unmarshal string into Go value of type int64'],
    ['true', 'json: cannot unmarshal bool into Go value of type int64'],
    ['false', 'json: cannot unmarshal bool into Go value of type int64'],
    ['[1]', 'json: cannot unmarshal array into Go value of type int64'],
    ['{"a":1}', 'json: cannot unmarshal object into Go value of type int64'],
    ['null', 'failed to parse typed config: null is not a number'],
    ['x', "invalid character 'x' looking for beginning of value"],
    ['+5', "invalid character '+' looking for beginning of value"],
    ["'5'", "invalid character '\\'' looking for beginning of value"],
    ['05', "invalid character '5' after top-level value"],
    ['5m', "invalid character 'm' after top-level value"],
    ['5 5', "invalid character ' ' after top-level value"],
    ['-', 'unexpected end of JSON input'],
    ['-x', "invalid character 'x' in numeric literal"],
    ['tx', "invalid character 'x' in literal true (expecting 'r')"],
    ['nul', 'unexpected end of JSON input'],
    ['truex', "invalid character 'x' after top-level value"],
    ['"5', 'unexpected end of JSON input'],
    ['', 'unexpected end of JSON input'],
  ])('int64 from %j: %s', (text, expected) => {
    expect(said(text, 'int64')).toBe(expected);
  });

  it.each([
    ['2.5', 2.5],
    ['1e3', 1000],
    ['-1.5E-2', -0.015],
    ['1e400', 'json: cannot unmarshal number 1e400 into Go value of type float64'],
    ['5.', 'unexpected end of JSON input'],
    ['5.x', "invalid character 'x' after decimal point in numeric literal"],
    ['5e', 'unexpected end of JSON input'],
    ['5ex', "invalid character 'x' in exponent of numeric literal"],
    ['.5', "invalid character '.' looking for beginning of value"],
    ['NaN', "invalid character 'N' looking for beginning of value"],
  ])('float64 from %j: %s', (text, expected) => {
    expect(said(text, 'float64')).toBe(expected);
  });
});
