import { simulatedWork, type SimulatedWorkOptions } from './simulated-work';

const options = (over: Partial<SimulatedWorkOptions> = {}): SimulatedWorkOptions => ({
  workMs: 0,
  jitterMs: 0,
  failureRate: 0,
  fromMessage: true,
  random: () => 0.5,
  ...over,
});
const context = (attempt = 1, signal = new AbortController().signal) => ({ attempt, signal });

test('a record may fail a number of tries, and then succeed', async () => {
  const work = simulatedWork(options());
  await expect(work({ fail: 2 }, context(2))).rejects.toThrow('this is try 2');
  await expect(work({ fail: 2 }, context(3))).resolves.toBeUndefined();
});

test('poison fails at every try', async () => {
  await expect(simulatedWork(options())({ poison: true }, context(99))).rejects.toThrow('at every try');
});

test('what a record asks for is ignored unless it is allowed', async () => {
  await expect(
    simulatedWork(options({ fromMessage: false }))({ poison: true }, context()),
  ).resolves.toBeUndefined();
});

test('the failure rate is the share of tries that fail', async () => {
  await expect(simulatedWork(options({ failureRate: 0.6 }))({}, context())).rejects.toThrow(
    'FAILURE_RATE 0.6',
  );
  await expect(simulatedWork(options({ failureRate: 0.5 }))({}, context())).resolves.toBeUndefined();
});

test('work stops when its signal aborts', async () => {
  const abort = new AbortController();
  const working = simulatedWork(options({ workMs: 60_000 }))({}, context(1, abort.signal));
  abort.abort(new Error('time is up'));
  await expect(working).rejects.toThrow('time is up');
});
