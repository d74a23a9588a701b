import { LabUsageError, parseLabOptions } from './options';

test('defaults', () => {
  expect(parseLabOptions([])).toEqual({
    speed: 'demo',
    only: [],
    defaults: true,
    images: [],
    manifests: [],
    port: 0,
    controlFd: null,
    recording: null,
    runDir: null,
  });
});

test('--no-defaults leaves the profile out', () => {
  expect(parseLabOptions(['--no-defaults']).defaults).toBe(false);
});

test.each([
  [['--speed', 'fast'], '--speed takes demo or production, not "fast"'],
  [['--port', '70000'], '--port takes a whole number from 0 to 65535, not "70000"'],
  [['--port', 'x'], '--port takes a whole number'],
  [['--image', '=x'], '--image takes NAME=COMMAND, not "=x"'],
  [['--no-defaults', '--only', 'http-demo'], '--no-defaults and --only exclude each other'],
  [['--what'], "Unknown option '--what'"],
])('%j is refused in one line', (args, message) => {
  const refused = () => parseLabOptions(args);
  expect(refused).toThrow(LabUsageError);
  expect(refused).toThrow(message);
});
