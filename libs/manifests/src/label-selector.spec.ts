import { formatSelector, parseSelector, selectorOf, selects } from './label-selector';

describe('label selectors', () => {
  it.each([
    ['app=web', { app: 'web' }, true],
    ['app==web', { app: 'web' }, true],
    ['app!=web', { app: 'web' }, false],
    ['app!=web', {}, true],
    ['app in (a, web)', { app: 'web' }, true],
    ['app notin (a,web)', { app: 'web' }, false],
    ['app notin (a)', {}, true],
    ['gpu', { gpu: '' }, true],
    ['gpu', {}, false],
    ['!gpu', { gpu: '1' }, false],
    ['app=web,tier in (x),!canary', { app: 'web', tier: 'x' }, true],
    ['', { any: 'thing' }, true],
    ['app.kubernetes.io/name=web', { 'app.kubernetes.io/name': 'web' }, true],
  ])('%s on %j: %s', (text, labels, expected) => {
    expect(selects(parseSelector(text), labels)).toBe(expected);
  });

  it('writes what it reads', () => {
    for (const text of ['app=web', 'a=1,b in (x,y),!c,d', 'a notin (x)', '']) {
      expect(formatSelector(parseSelector(text)).split(',').sort()).toEqual(text.split(',').sort());
    }
    expect(formatSelector(parseSelector('b=2,a=1'))).toBe('a=1,b=2');
  });

  it('selects nothing without a selector and everything with an empty one', () => {
    expect(selects(selectorOf(undefined), {})).toBe(false);
    expect(selects(selectorOf({}), {})).toBe(true);
  });

  it('reads the structured form and refuses other operators', () => {
    const selector = selectorOf({
      matchLabels: { a: '1' },
      matchExpressions: [{ key: 'b', operator: 'Exists' }],
    });
    expect(selects(selector, { a: '1', b: 'x' })).toBe(true);
    expect(selects(selector, { a: '1' })).toBe(false);
    expect(() => selectorOf({ matchExpressions: [{ key: 'b', operator: 'Gt' }] })).toThrow(
      /In, NotIn, Exists or DoesNotExist/,
    );
  });

  it('names the part that cannot be read', () => {
    expect(() => parseSelector('a=1,=2')).toThrow('cannot be read at "=2"');
    expect(() => parseSelector('a in 1')).toThrow(RangeError);
  });
});
