import { selectorError, selectorText } from './label-selector';

describe('label selectors', () => {
  it.each([
    [undefined, 'nil'],
    [{}, '&LabelSelector{MatchLabels:map[string]string{},MatchExpressions:[]LabelSelectorRequirement{},}'],
    [
      { matchLabels: { b: '2', a: '1' } },
      '&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{},}',
    ],
    [
      {
        matchExpressions: [
          { key: 'k', operator: 'In', values: ['x', 'y'] },
          { key: 'l', operator: 'Exists' },
        ],
      },
      '&LabelSelector{MatchLabels:map[string]string{},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:k,Operator:In,Values:[x y],},LabelSelectorRequirement{Key:l,Operator:Exists,Values:[],},},}',
    ],
  ])('%j is printed as %s', (selector, text) => {
    expect(selectorText(selector)).toBe(text);
  });

  it.each([
    [undefined, undefined],
    [{ matchLabels: { a: '1' } }, undefined],
    [{ matchExpressions: [{ key: 'k', operator: 'NotIn', values: ['x'] }] }, undefined],
    [{ matchExpressions: [{ key: 'k', operator: 'DoesNotExist' }] }, undefined],
    [{ matchExpressions: [{ key: 'k', operator: 'Foo' }] }, '"Foo" is not a valid label selector operator'],
    [
      { matchExpressions: [{ key: 'k', operator: 'In' }] },
      "values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty",
    ],
    [
      { matchExpressions: [{ key: 'k', operator: 'NotIn', values: [] }] },
      "values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty",
    ],
    [
      {
        matchExpressions: [
          { key: 'a', operator: 'Exists' },
          { key: 'k', operator: 'Exists', values: ['a', 'b'] },
        ],
      },
      'values: Invalid value: ["a","b"]: values set must be empty for exists and does not exist',
    ],
    [
      { matchExpressions: [{ key: 'k', operator: 'DoesNotExist', values: ['a'] }] },
      'values: Invalid value: ["a"]: values set must be empty for exists and does not exist',
    ],
  ])('%j: %p', (selector, error) => {
    expect(selectorError(selector)).toBe(error);
  });
});
