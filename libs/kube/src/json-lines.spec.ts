import { jsonLines } from './json-lines';

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

describe('jsonLines', () => {
  const values = [{ a: 1 }, { text: 'Grüße 🚀 – ok' }, [1, 2], 'x'];
  const bytes = Buffer.from(`${values.map((value) => JSON.stringify(value)).join('\n')}\n\n{"cut":`);

  it.each([1, 2, 3, 7, 1000])('reads values however the stream is cut (%i bytes)', async (size) => {
    const read: unknown[] = [];
    for await (const value of jsonLines(chunksOf(bytes, size))) read.push(value);
    expect(read).toEqual(values);
  });
});
