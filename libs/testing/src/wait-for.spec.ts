import { waitFor } from './wait-for';

test('returns the first truthy value, and takes a throw as not yet', async () => {
  let looks = 0;
  const value = await waitFor(
    () => {
      looks += 1;
      if (looks === 1) throw new Error('not yet');
      return looks === 3 ? 'three' : null;
    },
    { intervalMs: 1 },
  );
  expect(value).toBe('three');
});

test('names what it waited for and keeps the last error', async () => {
  const failure = waitFor(() => Promise.reject(new Error('connection refused')), {
    timeoutMs: 5,
    intervalMs: 1,
    what: 'the port',
  });
  await expect(failure).rejects.toThrow('waited 5 ms for the port');
  await expect(failure).rejects.toMatchObject({ cause: new Error('connection refused') });
});
