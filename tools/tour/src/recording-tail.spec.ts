import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir, waitFor } from '@scalelab/testing';
import { RecordingTail } from './recording-tail';

test('hands over whole lines in order, also those written later and in pieces', async () => {
  const path = join(tempDir(), 'recording.jsonl');
  writeFileSync(path, 'one\ntw');
  const lines: string[] = [];
  const tail = new RecordingTail(path, (line) => lines.push(line));
  await tail.start();
  await waitFor(() => lines.length === 1);
  appendFileSync(path, 'o – ✓\nthree\n');
  await waitFor(() => lines.length === 3);
  expect(lines).toEqual(['one', 'two – ✓', 'three']);
  appendFileSync(path, 'last\n');
  await tail.catchUp();
  expect(lines.at(-1)).toBe('last');
  await tail.stop();
});
