import fc from 'fast-check';
import { compileFormula } from './compile';
import { FormulaError } from './formula-error';

const values = { a: 12.5, b: 40, c: 0 };
const result = (formula: string, names = ['a', 'b', 'c']): number | string => {
  try {
    return compileFormula(formula, names)(values);
  } catch (error) {
    if (error instanceof FormulaError) return error.message.replace(/ \(\d+:\d+\)\n[^]*/, '');
    throw error;
  }
};

describe('what a formula gives', () => {
  it.each([
    ['a + b * 2', 92.5],
    ['(a + b) / 2', 26.25],
    ['7 / 2', 3.5],
    ['7 % 4', 3],
    ['-7 % 4', -3],
    ['2 ** 3 ** 2', 512],
    ['-2 ** 2', -4],
    ['2 ^ 3', 8],
    ['1_000 + 0x10 + 0b11 + 0o17', 1034],
    ['010', 10],
    ['.5 + 1e1 + 2.', 12.5],
    ['9223372036854775807 + 1', -9223372036854775808],
    ['a > b ? 1 : 2', 2],
    ['a ?: b', 'non-bool expression (type float64) used as condition'],
    ['a < b and b < 50 ? 1 : 0', 1],
    ['a < b < 50 ? 1 : 0', 1],
    ['50 > b > 45 ? 1 : 0', 0],
    ['a > b || not (a > 1) ? 1 : 0', 0],
    ['!true or false ? 1 : 0', 0],
    ['a == 12.5 && a != b ? 1 : 0', 1],
    ['1 == 1.0 ? 1 : 0', 1],
    ['a <= 12.5 && a >= 12.5 ? 1 : 0', 1],
    ['"a" < "b" && "a" + "b" == "ab" ? 1 : 0', 1],
    ["'abc' contains 'b' && 'abc' startsWith 'a' && 'abc' endsWith 'c' ? 1 : 0", 1],
    ["'abc' not contains 'b' ? 1 : 0", 0],
    ['a in [12.5, 3] ? 1 : 0', 1],
    ['a not in [12.5, 3] ? 1 : 0', 0],
    ['2 in 1..3 ? 1 : 0', 1],
    ['sum(1..4)', 10],
    ['[a, b][1]', 40],
    ['[a, b][-1]', 40],
    ['[1, 2, 3, 4][1:3][0]', 2],
    ['len([1, 2, 3, 4][2:])', 2],
    ['len("abc"[:2])', 2],
    ['len([1, 2][-1:])', 1],
    ['if a > b { 1 } else if a > 1 { 2 } else { 3 }', 2],
    ['let x = a + b; x * 2', 105],
    ['a; b', 'unexpected token Operator(";")'],
    ['(a; b)', 40],
    ['a | max(b)', 40],
    ['c ?? b', 0],
    ['nil ?? b', 40],
    ['$env["a"] + $env.b', 52.5],
    ['max(a, b, 7)', 40],
    ['min([a, b], 3)', 3],
    ['mean([a, b, 7.5])', 20],
    ['mean([])', 0],
    ['median([3, 1, 2])', 2],
    ['median([4, 1, 2, 3])', 2.5],
    ['abs(-3) + abs(2.5) + abs(-2.5)', 8],
    ['ceil(1.2) + floor(-1.2) + round(2.5) + round(-2.5)', 0],
    ['int(12.9) + int("7") + int(-1.5)', 18],
    ['float("1.5")', 1.5],
    ['first([a, b]) + last([a, b])', 52.5],
    ['len([1, 2]) + len("äbc")', 5],
    ['count([a, b], # > 20)', 1],
    ['count([true, false, true])', 2],
    ['sum(filter([a, b], # > 20))', 40],
    ['sum(map([a, b], # * 2))', 105],
    ['sum([a, b], # + 1)', 54.5],
    ['sum([])', 0],
    ['sum(map([5, 5, 5], #index))', 3],
    ['all([a, b], # > 1) && any([a, b], # > 30) && none([a, b], # > 90) && one([a, b], # > 30) ? 1 : 0', 1],
    ['find([a, b], # > -5)', 12.5],
    ['findLast([a, b], # > -5)', 40],
    // The trial run with -1 for each trigger finds nothing.
    ['find([a, b], # > 1) + 1', 'invalid operation: <nil> + int'],
    ['findIndex([a, b], # > -5) * 10', 0],
    ['findLastIndex([a, b], # > -5) * 10', 10],
    ['findIndex([a], # > 90)', 'invalid operation: float(<nil>)'],
    ['max([], 3)', 3],
    ['reduce([1, 2, 3], #acc * 10 + #)', 123],
    ['reduce([1, 2, 3], #acc + #, 100)', 106],
    ['filter([a, b], { # > -5 })[1]', 40],
    ['a /* half */ / 2 // done\n', 6.25],
    ['all([a, b], # > 20) ? 1 : 0', 0],
    ['all([], # > 20) ? 1 : 0', 1],
    ['any([a, b], # > 90) ? 1 : 0', 0],
    ['none([a, b], # > 30) ? 1 : 0', 0],
    ['one([a, b], # > 1) ? 1 : 0', 0],
    ['one([a, b], # > 90) ? 1 : 0', 0],
    ['count([a, b], # > -5)', 2],
    ['[1, 2, 3][-3]', 1],
    ['[1, 2, 3][2]', 3],
    ['len([1, 2, 3][1:9])', 2],
    ['len([1, 2, 3][2:1])', 0],
    ['len([1, 2, 3][:-1])', 2],
    ['"b" > "a" ? 1 : 0', 1],
    ['"b" >= "b" ? 1 : 0', 1],
    ['"b" <= "a" ? 1 : 0', 0],
    ['"b" < "b" ? 1 : 0', 0],
    ['"a" != "a" ? 1 : 0', 0],
    ['1 < 1.5 && 2 > 1.5 ? 1 : 0', 1],
    ['2 <= 1.5 or 1 >= 1.5 ? 1 : 0', 0],
    ['[1, 2] == [1, 2] ? 1 : 0', 1],
    ['[1, 2] == [1, 3] ? 1 : 0', 0],
    ['[1] == [1, 2] ? 1 : 0', 0],
    ['true == true && true != false ? 1 : 0', 1],
    ['nil == nil ? 1 : 0', 1],
    ['4 in 1..3 ? 1 : 0', 0],
    ['0 in 1..3 ? 1 : 0', 0],
    ['sum(3..1)', 0],
    ['sum(2..2)', 2],
    ['"b" in ["a", "b"] ? 1 : 0', 1],
    ["'abc' contains 'd' ? 1 : 0", 0],
    ["'abc' startsWith 'b' ? 1 : 0", 0],
    ["'abc' endsWith 'b' ? 1 : 0", 0],
    ["'abc' not startsWith 'b' ? 1 : 0", 1],
    ['len(`a\\n`)', 3],
    ['len("a\\n\\t\\b\\"")', 5],
    ["len('it\\'s')", 4],
    ['2 ** -1', 0.5],
    ['2 ** 3 * 2', 16],
    ['-a + -b', -52.5],
    ['+a', 12.5],
    ['a - b - 1', -28.5],
    ['b / 2 / 2', 10],
    ['1 + 2 * 3 ** 2', 19],
    ['(let x = 2; x) + 1', 3],
    ['let x = 2; let y = x + 1; x * y', 6],
    ['sum(map(filter([1, 2, 3, 4], # % 2 == 0), # * 10))', 60],
    ['sum(map([1, 2], sum(map([10, 20], #)) + #))', 63],
    ['[[1, 2], [3]][0][1]', 2],
    ['len([[1, 2], [3]])', 2],
    ['[1, 2] | sum()', 3],
    ['a | max(b) | min(20)', 20],
    ['min(3, 2.5, 9)', 2.5],
    ['min(9, [3, 4])', 3],
    ['max([1, 7], 3)', 7],
    ['mean(1, 2, [3])', 2],
    ['round(0.4) + round(-0.6)', -1],
    ['abs(0 - 9223372036854775807)', 2 ** 63],
    ['5 / 2 * 2', 5],
    ['7 % -4', 3],
    ['1e3 + 1E-1', 1000.1],
    ['0XfF + 0B1 + 0O7', 263],
  ])('%s = %s', (formula, expected) => {
    expect(result(formula)).toBe(expected);
  });

  it('counts a trigger without a value as 0', () => {
    expect(compileFormula('a + b', ['a', 'b'])({ a: 4 })).toBe(4);
  });

  it('lets a trigger hide a builtin of its name', () => {
    expect(compileFormula('max + 1', ['max'])({ max: 4 })).toBe(5);
    expect(result('max(a, 1)', ['a', 'max'])).toBe('float64 is not callable');
    expect(compileFormula('::max(max, 1)', ['max'])({ max: 4 })).toBe(4);
  });
});

describe('what is refused, and in which words', () => {
  it.each([
    ['a + d', 'unknown name d'],
    ['$env.d', 'unknown name d'],
    ['b % a', 'invalid operation: % (mismatched types float64 and float64)'],
    ['a && b', 'invalid operation: && (mismatched types float64 and float64)'],
    ['a + "x"', 'invalid operation: + (mismatched types float64 and string)'],
    ['a - true', 'invalid operation: - (mismatched types float64 and bool)'],
    ['a == "x" ? 1 : 0', 'invalid operation: == (mismatched types float64 and string)'],
    ['a < true ? 1 : 0', 'invalid operation: < (mismatched types float64 and bool)'],
    ['a .. 3', 'invalid operation: .. (mismatched types float64 and int)'],
    ['a / "x"', 'invalid operation: / (mismatched types float64 and string)'],
    ['a in b ? 1 : 0', 'invalid operation: in (mismatched types float64 and float64)'],
    ['"x" in [1, 2] ? 1 : 0', 'cannot use string as type int in array'],
    ['a contains b ? 1 : 0', 'invalid operation: contains (mismatched types float64 and float64)'],
    ['!a', 'invalid operation: ! (mismatched type float64)'],
    ['-"x"', 'invalid operation: - (mismatched type string)'],
    ['true', 'invalid argument for float (type bool)'],
    ['[a]', 'invalid argument for float (type []interface {})'],
    ['nil', 'invalid argument for float (type %!s(<nil>))'],
    ['abs("x")', 'invalid argument for abs (type string)'],
    ['ceil(true)', 'invalid argument for ceil (type bool)'],
    ['int([1])', 'invalid argument for int (type []interface {})'],
    ['len(a)', 'invalid argument for len (type float64)'],
    ['max("x")', 'invalid argument for max (type string)'],
    ['max()', 'not enough arguments to call max'],
    ['abs(a, b)', 'invalid number of arguments (expected 1, got 2)'],
    ['now(a)', 'invalid number of arguments (expected 0, got 1)'],
    ['first(a)', 'cannot get first element from float64'],
    ['sum(a)', 'builtin sum takes only array (got float64)'],
    ['all([a], #)', 'predicate should return boolean (got float64)'],
    ['all([a])', 'expected at least 2 arguments'],
    ['map([a], nil)', 'predicate should has one input and one output param'],
    ['#', 'unexpected token Operator("#")'],
    ['sum(map([a], #who))', 'unknown pointer #who'],
    ['a[0]', 'type float64[int] is undefined'],
    ['a.x', 'type float64 has no field x'],
    ['a.x()', 'type float64 has no method x'],
    ['nil.x', 'unexpected token Operator(".")'],
    ['(nil).x', 'type nil has no field x'],
    ['[a][b]', 'array elements can only be selected using an integer (got float64)'],
    ['a[1:2]', 'cannot slice float64'],
    ['[a][b:]', 'non-integer slice index float64'],
    ['a(1)', 'float64 is not callable'],
    ['let a = 1; a', 'cannot redeclare a'],
    ['let max = 1; a', 'cannot redeclare builtin max'],
    ['let x = 1; let x = 2; x', 'cannot redeclare variable x'],
    ['c ?? a + b', 'Operator (+) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses.'],
    ['a ? 1 : 2', 'non-bool expression (type float64) used as condition'],
    ['a +', 'unexpected token Bracket(")")'],
    ['(a', 'unexpected token EOF'],
    ['a not b', 'unexpected token Identifier("b")'],
    ['a @ b', "unrecognized character: U+0040 '@'"],
    ['"x', 'literal not terminated'],
    ['"\\q"', 'unable to unescape string, escape \\q'],
    ['1x', 'bad number syntax: "1x"'],
    [
      '9223372036854775808',
      'invalid integer literal: strconv.ParseInt: parsing "9223372036854775808": value out of range',
    ],
    ['0x', 'invalid hex literal: strconv.ParseInt: parsing "0x": invalid syntax'],
    ['a /* b', 'unclosed comment'],
    ['map([a], #; 1)', 'wrap predicate with brackets { and }'],
    ['float(a) > 1', 'expected float64, but got bool'],
    ['[1, 2][5]', 'index out of range: 5 (array length is 2)'],
    ['1 % 0', 'runtime error: integer divide by zero'],
    ['"x"', 'invalid operation: float(x)'],
    ['int("x")', 'invalid operation: int(x)'],
    ['reduce([], #)', 'reduce of empty array with no initial value'],
    ['sum(1..9999999)', 'memory budget exceeded'],
    ['max([a, "x"])', 'invalid argument for max (type string)'],
    ['first([])', 'invalid operation: float(<nil>)'],
  ])('%s: %s', (formula, message) => {
    expect(result(formula)).toBe(message);
  });

  it.each([
    ['upper("x") == "X" ? 1 : 0', 'upper()'],
    ['sortBy([a], #)[0]', 'sortBy()'],
    ['"x" matches "y" ? 1 : 0', 'matches'],
    ['now() > now() ? 1 : 0', 'comparing dates'],
    ['now().Unix()', 'a date'],
    ['{"x": 1}.x', 'a map literal'],
    ['a?.b', 'optional chaining'],
  ])('names what it leaves out: %s', (formula, what) => {
    expect(() => compileFormula(formula, ['a'])).toThrow(
      expect.objectContaining({ code: 'UnsupportedFormula', message: expect.stringContaining(what) }),
    );
  });

  it('points at the place, line by line', () => {
    expect(() => compileFormula('a +\n  d', ['a'])).toThrow('unknown name d (2:3)\n |   d)\n | ..^');
  });
});

it('computes sums, products and comparisons as doubles', () => {
  const compiled = compileFormula('a + b * c > 0 ? a - b : a * c', ['a', 'b', 'c']);
  const double = fc.double({ noNaN: true });
  fc.assert(
    fc.property(double, double, double, (a, b, c) => {
      expect(compiled({ a, b, c })).toBe(a + b * c > 0 ? a - b : a * c);
    }),
  );
});
