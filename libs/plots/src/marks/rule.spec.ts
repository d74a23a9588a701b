import { verticalRules } from './rule';

const frame = { x: (t: number) => t, y: (v: number) => v, left: 0, top: 0, width: 400, height: 100 };
const names = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, name]) => name);
const draw = (rules: { at: number; label: string }[], clear = 0) =>
  verticalRules(rules, 'load', clear)(frame as unknown as Parameters<ReturnType<typeof verticalRules>>[0]);

test('names that have room are drawn, one that would run into another is only a tooltip', () => {
  const svg = draw([
    { at: 10, label: 'first load' },
    { at: 40, label: 'second load' },
    { at: 200, label: 'third load' },
  ]);
  expect(names(svg)).toEqual(['first load', 'third load']);
  expect(svg.match(/<title>/g)).toHaveLength(3);
  expect(svg).toContain('<title>second load</title>');
});

test('a name at the right end stands to the left of its line', () => {
  expect(draw([{ at: 390, label: 'last load' }])).toMatch(/<text[^>]*x="327.5"/);
});

test('the room of the title is left free', () => {
  expect(draw([{ at: 1, label: 'x' }], 100)).toMatch(/<text[^>]*x="100"/);
});
