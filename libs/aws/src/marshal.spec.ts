import { AwsError } from './aws-error';
import { marshalItem, unmarshalItem } from './marshal';
import type { Item } from './table-port';

describe('items in DynamoDB JSON', () => {
  it('come back as they went', () => {
    const item: Item = {
      id: 'a',
      n: 1.5,
      yes: true,
      none: null,
      list: ['x', 2, { deep: [] }],
      map: { a: { b: '' } },
    };
    expect(unmarshalItem(marshalItem(item))).toEqual(item);
    expect(marshalItem({ n: 1e21 })).toEqual({ n: { N: '1e+21' } });
  });

  it('refuse a value without a type and name its place', () => {
    const item = { id: 'a', list: [1, { speed: Number.NaN }] };
    expect(() => marshalItem(item)).toThrow(
      new AwsError(
        'BadItem',
        'list[1].speed is NaN; allowed: strings, finite numbers, booleans, null, lists and maps',
      ),
    );
  });
});
