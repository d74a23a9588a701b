import { LabUsageError, parseLabOptions } from './options';

test('defaults', () => {
  expect(parseLabOptions([])).toEqual({
    speed: 'demo',
    only: [],
    images: [],
    manifests: [],
    port: 0,
    controlFd: null,
    recording: null,
    runDir: null,
  });
});

test.each([
  [['--speed', 'fast'], '--speed takes demo or production, not "fast"'],
  [['--port', '70000'], '--port takes a whole number from 0 to 65535, not "70000"'],
  [['--port', 'x'], '--port takes a whole number'],
  [['--image', '=x'], '--image takes NAME=COMMAND, not "=x"'],
  [['--what'], "Unknown option '--what'"],
])('%j is refused in one line', (args, message) => {
  const refused = () => parseLabOptions(args);
  expect(refused).toThrow(LabUsageError);
  expect(refused).toThrow(message);
});
