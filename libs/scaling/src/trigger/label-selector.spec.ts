import { readSelector } from './label-selector';

const labels = { app: 'web', tier: 'back', rank: '5', empty: '', neg: '-4', plus: '+7', mixed: '5x' };
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
  ['app=web,tier=back', true],
  ['tier=back,app', true],
  ['app,!other', true],
  ['app,!tier', false],
  [' app = web ', true],
  ['app in (api,web)', true],
  ['app in (api)', false],
  ['app in (api,)', false],
  ['empty in (a,)', true],
  ['empty in (,a)', true],
  ['empty=', true],
  ['empty=,app=web', true],
  ['empty!=', false],
  ['other!=', true],
  ['app notin (api,web)', false],
  ['app notin (api)', true],
  ['neg<0', true],
  ['neg>-5', true],
  ['plus>6', true],
  ['rank>+4', true],
  ['rank<50', true],
  ['rank<5', false],
  ['rank>40', false],
  ['mixed>1', false],
  ['mixed<9', false],
  ['other>4', false],
  ['other<4', false],
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
  ['app=web,=', "found '=', expected: identifier after ','"],
  ['app=web,!', "unable to parse requirement: found '', expected: identifier"],
  [')', "found ')', expected: !, identifier, or 'end of string'"],
  [',app', "found ',', expected: !, identifier, or 'end of string'"],
  ['!=', "found '!=', expected: !, identifier, or 'end of string'"],
  ['!=app', "found '!=', expected: !, identifier, or 'end of string'"],
  ['! = a', "unable to parse requirement: found '=', expected: identifier"],
  ['app in web', "unable to parse requirement: found 'web' expected: '('"],
  ['rank<1.5', "unable to parse requirement: for 'Gt', 'Lt' operators, the value must be an integer"],
  ['rank>5x', "unable to parse requirement: for 'Gt', 'Lt' operators, the value must be an integer"],
  ['rank>x5', "unable to parse requirement: for 'Gt', 'Lt' operators, the value must be an integer"],
  ['rank>', "unable to parse requirement: for 'Gt', 'Lt' operators, the value must be an integer"],
  ['!', "unable to parse requirement: found '', expected: identifier"],
])('%j is refused: %s', (text, message) => {
  expect(matches(text)).toBe(message);
});
