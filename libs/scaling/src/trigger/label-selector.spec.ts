import { readSelector } from './label-selector';

const labels = { app: 'web', tier: 'back', rank: '5' };
const matches = (text: string): unknown => {
  const selector = readSelector(text);
  return typeof selector === 'function' ? selector(labels) : selector.error;
};

it.each([
  ['', true],
  ['app=web', true],
  ['app==web', true],
  ['app!=web', false],
  ['other!=web', true],
  ['app=web,tier=front', false],
  ['app in (web, api)', true],
  ['app in ()', false],
  ['app notin (web)', false],
  ['other notin (web)', true],
  ['other in (web)', false],
  ['app', true],
  ['other', false],
  ['!app', false],
  ['!other', true],
  ['rank>4', true],
  ['rank>5', false],
  ['rank<6', true],
  ['app>4', false],
  ['other=', false],
])('%j: %p', (text, expected) => {
  expect(matches(text)).toBe(expected);
});

it.each([
  ['=', "found '=', expected: !, identifier, or 'end of string'"],
  ['app in', "unable to parse requirement: found '' expected: '('"],
  ['app in (a', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
  ['app=web tier', "found 'tier', expected: ',' or 'end of string'"],
  ['app=web,', "found '', expected: identifier after ','"],
  ['app ( b', "unable to parse requirement: found '(', expected: in, notin, =, ==, !=, gt, lt"],
  ['rank>x', "unable to parse requirement: for 'Gt', 'Lt' operators, the value must be an integer"],
  ['!', "unable to parse requirement: found '', expected: identifier"],
])('%j is refused: %s', (text, message) => {
  expect(matches(text)).toBe(message);
});
