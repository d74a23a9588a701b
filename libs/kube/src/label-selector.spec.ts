import { parseFieldSelector } from './field-selector';
import {
  formatLabelSelector,
  labelSelectorMatcher,
  parseLabelSelector,
  SelectorError,
} from './label-selector';

describe('label selectors', () => {
  const labels = { app: 'web', tier: 'front', 'example.com/rank': '7', empty: '' };

  it.each([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app = web', true],
    ['app=api', false],
    ['app!=api', true],
    ['none!=x', true],
    ['app,tier', true],
    ['none', false],
    ['!none', true],
    ['! app', false],
    ['app in (api, web),tier', true],
    ['app in (api)', false],
    ['app notin (api,db)', true],
    ['none notin (a)', true],
    ['empty=', true],
    ['app=', false],
    ['example.com/rank>6', true],
    ['example.com/rank<7', false],
    ['app>1', false],
  ])('"%s" matches: %s', (text, matches) => {
    expect(parseLabelSelector(text)(labels)).toBe(matches);
  });

  it.each(['app web', 'app in (a', '=x', 'a,,b', 'a=b=c', 'app in a', 'a=ü'])('"%s" is refused', (text) => {
    expect(() => parseLabelSelector(text)).toThrow(SelectorError);
  });

  it('does not take inherited members for labels', () => {
    expect(parseLabelSelector('toString')({})).toBe(false);
    expect(parseLabelSelector('constructor')(labels)).toBe(false);
  });

  it('a LabelSelector that is absent matches nothing, an empty one everything', () => {
    expect(labelSelectorMatcher(undefined)(labels)).toBe(false);
    expect(labelSelectorMatcher({})(undefined)).toBe(true);
  });

  it('a LabelSelector needs all its labels and expressions', () => {
    const matcher = labelSelectorMatcher({
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['front', 'back'] },
        { key: 'none', operator: 'DoesNotExist' },
        { key: 'app', operator: 'NotIn', values: ['db'] },
        { key: 'empty', operator: 'Exists' },
      ],
    });
    expect(matcher(labels)).toBe(true);
    expect(matcher({ ...labels, none: '' })).toBe(false);
    expect(() => labelSelectorMatcher({ matchExpressions: [{ key: 'a', operator: 'Like' }] })).toThrow(
      'matchExpressions.operator: "Like"; allowed: In, NotIn, Exists, DoesNotExist',
    );
  });

  it('is written in order of keys, and reads back the same', () => {
    const selector = {
      matchLabels: { b: '2', a: '1' },
      matchExpressions: [
        { key: 'd', operator: 'In', values: ['y', 'x'] },
        { key: 'c', operator: 'Exists' },
        { key: 'e', operator: 'DoesNotExist' },
      ],
    };
    const text = formatLabelSelector(selector);
    expect(text).toBe('a=1,b=2,c,d in (x,y),!e');
    for (const candidate of [
      { a: '1', b: '2', c: '', d: 'x' },
      { a: '1', b: '2', d: 'x' },
      { a: '1', b: '2', c: '', d: 'z' },
    ]) {
      expect(parseLabelSelector(text)(candidate)).toBe(labelSelectorMatcher(selector)(candidate));
    }
    expect(formatLabelSelector(undefined)).toBe('');
  });
});

describe('field selectors', () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a' },
    spec: { nodeName: 'lab' },
    status: { phase: 'Running' },
  };

  it.each([
    ['metadata.name=a', true],
    ['metadata.name==b', false],
    ['spec.nodeName=lab,status.phase!=Failed', true],
    ['spec.none=', true],
    ['spec.none!=', false],
    ['spec.nodeName.deeper=x', false],
  ])('"%s" matches: %s', (text, matches) => {
    expect(parseFieldSelector(text)(pod)).toBe(matches);
  });

  it('refuses what it cannot read', () => {
    expect(() => parseFieldSelector('metadata.name in (a)')).toThrow('allowed: path=value, path!=value');
  });
});
