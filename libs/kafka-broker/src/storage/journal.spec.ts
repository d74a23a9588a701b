import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@scalelab/testing';
import { silentLogger } from '../logger';
import { FileJournal, type JournalEntry } from './journal';

const entry = (next: number): JournalEntry => ({ kind: 'producerIds', next });

describe('the journal', () => {
  it('gives back what was appended, behind the snapshot it began with', () => {
    const path = join(tempDir(), 'state.journal');
    const journal = new FileJournal(path, () => [entry(1)]);
    journal.append(entry(2));
    journal.append(entry(3));
    expect(FileJournal.read(path, silentLogger)).toEqual([entry(1), entry(2), entry(3)]);
    journal.close();
  });

  it('leaves out a line that a kill has cut, wherever it was cut', () => {
    const path = join(tempDir(), 'state.journal');
    const journal = new FileJournal(path, () => []);
    journal.append(entry(1));
    const before = readFileSync(path).length;
    journal.append(entry(2));
    journal.close();
    const whole = readFileSync(path);
    // Without its line end alone the entry is whole.
    for (let length = before; length < whole.length - 1; length += 1) {
      writeFileSync(path, whole.subarray(0, length));
      expect(FileJournal.read(path, silentLogger)).toEqual([entry(1)]);
    }
  });

  it('refuses a file that is damaged before its last line', () => {
    const path = join(tempDir(), 'state.journal');
    writeFileSync(path, `${JSON.stringify(entry(1))}\n{"kind":"prod\n${JSON.stringify(entry(2))}\n`);
    expect(() => FileJournal.read(path, silentLogger)).toThrow(
      expect.objectContaining({ code: 'DataDirCorrupt', message: expect.stringContaining(':2 ') as string }),
    );
  });

  it('is written anew once it has grown long, with only what still counts', () => {
    const path = join(tempDir(), 'state.journal');
    let last = 0;
    const journal = new FileJournal(path, () => [entry(last)]);
    for (last = 1; last <= 25_000; last += 1) journal.append(entry(last));
    journal.close();
    const entries = FileJournal.read(path, silentLogger);
    expect(entries.length).toBeLessThan(10_000);
    expect(entries.at(-1)).toEqual(entry(25_000));
  });

  it('is empty where there is no file yet', () => {
    expect(FileJournal.read(join(tempDir(), 'none'), silentLogger)).toEqual([]);
  });
});
