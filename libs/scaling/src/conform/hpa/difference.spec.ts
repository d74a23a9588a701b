import { differenceOf } from './difference';

describe('the first difference', () => {
  it.each([
    [1, 1, undefined],
    [undefined, undefined, undefined],
    [1, 2, { field: 'f', expected: 1, got: 2 }],
    [1, '1', { field: 'f', expected: 1, got: '1' }],
    [null, undefined, { field: 'f', expected: null, got: undefined }],
    [null, {}, { field: 'f', expected: null, got: {} }],
    [[], {}, { field: 'f', expected: [], got: {} }],
    [{}, [], { field: 'f', expected: {}, got: [] }],
    [[1, 2], [1, 2], undefined],
    [[1, 2], [1, 3], { field: 'f[1]', expected: 2, got: 3 }],
    [[1, 2], [1], { field: 'f[1]', expected: 2, got: undefined }],
    [[1], [1, 2], { field: 'f[1]', expected: undefined, got: 2 }],
    [{ a: { b: 1 } }, { a: { b: 1 } }, undefined],
    [{ a: { b: 1 } }, { a: { b: 2 } }, { field: 'f.a.b', expected: 1, got: 2 }],
    [{ a: 1 }, { a: 1, c: undefined }, undefined],
    [{ a: 1 }, { a: 1, c: 2 }, { field: 'f.c', expected: undefined, got: 2 }],
    [[{ a: 1 }], [{ a: 2 }], { field: 'f[0].a', expected: 1, got: 2 }],
  ])('of %j and %j is %j', (expected, got, difference) => {
    expect(differenceOf('f', expected, got)).toEqual(difference);
  });
});
