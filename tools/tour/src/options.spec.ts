import { parseOptions, UsageError } from './options';

const known = ['http-demo', 'sqs-worker'];

test('without options: the tour, demo speed, all workloads, no report', () => {
  expect(parseOptions([], known)).toEqual({
    once: false,
    reportDir: null,
    idle: false,
    only: [],
    speed: 'demo',
    images: [],
    manifests: [],
    help: false,
  });
});

test('options are taken', () => {
  const args = [
    '--once',
    '--report',
    'out',
    '--only',
    'http-demo',
    '--only=sqs-worker',
    '--speed',
    'production',
    '--image',
    'a/b:1=python3 x.py',
  ];
  expect(parseOptions(args, known)).toMatchObject({
    once: true,
    reportDir: 'out',
    only: ['http-demo', 'sqs-worker'],
    speed: 'production',
    images: ['a/b:1=python3 x.py'],
  });
});

test.each([
  [['--speed', 'fast'], '--speed takes demo or production, not "fast"'],
  [['--only', 'nginx'], '--only takes one of http-demo, sqs-worker, not "nginx"'],
  [['--image', 'nginx'], '--image takes NAME=COMMAND, not "nginx"'],
  [['--idle', '--once'], '--idle and --once exclude each other'],
  [['--idle', '--report', 'x'], '--report needs the tour'],
  [['--report', ''], '--report takes a folder'],
  [['--frobnicate'], "Unknown option '--frobnicate'"],
  [['now'], "Unexpected argument 'now'"],
])('%j is refused in one line', (args, message) => {
  const refused = () => parseOptions(args, known);
  expect(refused).toThrow(UsageError);
  expect(refused).toThrow(message);
});
