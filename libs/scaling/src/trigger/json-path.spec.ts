import { JsonPathError, readJsonPath } from './json-path';

const body =
  '{"queue":{"depth":42,"text":"17","null":null,"no":false,"list":[5,6,7],"items":[{"name":"a","n":1,"t":true},' +
  '{"name":"b","n":2},{"name":"ab","n":3,"sub":[{"k":1},{"k":5}]}],"a.b":9,"a*b":8,"esc":"x\\"y"},"top":5}';

const at = (path: string, text = body): unknown => {
  const json = readJsonPath(text, path);
  return 'value' in json ? json.value : json.type;
};

it.each([
  ['top', 5],
  ['queue.depth', 42],
  ['queue.text', '17'],
  ['queue.esc', 'x"y'],
  ['queue.null', 'Null'],
  ['queue.no', 'False'],
  ['queue.missing', 'Null'],
  ['queue', 'Object'],
  ['queue.list', 'Array'],
  ['queue.list.1', 6],
  ['queue.list.9', 'Null'],
  ['queue.list.x', 'Null'],
  ['queue.list.#', 3],
  ['queue.list|#', 3],
  ['queue.depth.x', 'Null'],
  ['queue.items.#.n', 'Array'],
  ['queue.items.#.n|#', 3],
  ['queue.items.#(name=="b").n', 2],
  ['queue.items.#(name="b").n', 2],
  ['queue.items.#(name!="a").n', 2],
  ['queue.items.#(n>2).n', 3],
  ['queue.items.#(n>=2).n', 2],
  ['queue.items.#(n<2).n', 1],
  ['queue.items.#(n<=1).n', 1],
  ['queue.items.#(name%"a*")#|#', 2],
  ['queue.items.#(name!%"a*").n', 2],
  ['queue.items.#(t).n', 1],
  ['queue.items.#(t==true).n', 1],
  ['queue.items.#(t==false).n', 'Null'],
  ['queue.items.#(n>"x").n', 'Null'],
  ['queue.items.#(sub.#(k==5)).n', 3],
  ['queue.items.#(n>1)#.n|0', 2],
  ['queue.list.#(>5)', 6],
  ['queue.list.#(==9)', 'Null'],
  ['queue.list.#(name!="a")', 'Null'],
  ['queue.a\\.b', 9],
  ['queue.a\\*b', 8],
  ['queue.d?pth', 42],
  ['queue.*epth', 42],
  ['queue.items.@reverse.0.n', 3],
  ['queue.@keys.0', 'depth'],
  ['queue.@values.0', 42],
  ['queue.text.@fromstr', 17],
  ['top.@tostr', '5'],
  ['top.@this', 5],
  ['top.@nope', 'Null'],
])('%s leads to %j', (path, expected) => {
  expect(at(path)).toBe(expected);
});

it.each(['{top}', '[top]', '!5', 'queue.@flatten', 'queue.@join', 'queue.list.@reverse:{}'])(
  'names what it leaves out: %s',
  (path) => {
    expect(() => readJsonPath(body, path)).toThrow(JsonPathError);
  },
);

it.each([
  ['{"a": 5, ', 'a', 5],
  ['{"a" 5}', 'a', 'Null'],
  ['{"a": [1, 2', 'a.1', 2],
  ['{"a": "x', 'a', 'x'],
  ['', 'a', 'Null'],
  ['12', '@this', 12],
  ['{"a": 1, "a": 2}', 'a', 1],
])('takes what it can get of %j', (text, path, expected) => {
  expect(at(path, text)).toBe(expected);
});
