import { decodeLine, decodeRecording, encodeLine, encodeRecording, RecordingError } from '.';
import { exampleHeader, exampleRecording, type ExampleShapes } from './testing';

const header = encodeLine(exampleHeader);

describe('a recording as JSON lines', () => {
  it('comes back as it was written', () => {
    const recording = exampleRecording(60);
    const { recording: read, errors, truncated } = decodeRecording<ExampleShapes>(encodeRecording(recording));
    expect(errors).toEqual([]);
    expect(truncated).toBe(false);
    expect(read).toEqual(recording);
  });

  it('keeps integers past 2^53, infinities and NaN', () => {
    const decision = {
      sum: 9_223_372_036_854_775_807n,
      ratio: Number.POSITIVE_INFINITY,
      none: Number.NaN,
      plain: 0.1,
    };
    const line = exampleRecording(20).lines.find((l) => l.kind === 'kedaPoll');
    if (line?.kind !== 'kedaPoll') throw new Error('the example has no poll');
    const read = decodeLine<ExampleShapes>(encodeLine<ExampleShapes>({ ...line, decision }));
    expect(read).toMatchObject({ decision });
  });

  it('leaves out a bad line, names line and field, and reads on', () => {
    const note = encodeLine({ kind: 'note', t: 1, level: 'info', text: 'a' });
    const bad = [
      '{"kind":"sample","t":"1"}\n',
      '{"kind":"tick","t":1}\n',
      '{oops\n',
      '[]\n',
      '{"kind":"pod","t":1,"namespace":"a","name":"b","event":"born"}\n',
      '{"kind":"note","t":1,"level":"info","text":"x","workload":{"name":"a"}}\n',
    ];
    const { recording, errors } = decodeRecording(header + bad.join('') + note);
    expect(recording.lines).toHaveLength(1);
    expect(errors.map((e) => e.line)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(errors[0]?.message).toBe('sample.t must be a number, got string "1"');
    expect(errors[1]?.message).toMatch(/^kind must be one of header, manifest, .*note, got string "tick"$/);
    expect(errors[2]?.message).toMatch(/^is not JSON: /);
    expect(errors[4]?.message).toMatch(/^pod\.event must be "created", .*"deleted", got string "born"$/);
    expect(errors[5]?.message).toBe('note.workload must be a map with namespace and name, got a map');
  });

  it('reads a recording whose writer was killed in the middle of a line', () => {
    const text = encodeRecording(exampleRecording(30));
    const { recording, errors, truncated } = decodeRecording(text.slice(0, -20));
    expect(truncated).toBe(true);
    expect(errors).toEqual([]);
    expect(recording.lines).toHaveLength(exampleRecording(30).lines.length - 1);
  });

  it('refuses a text without a header that it can read', () => {
    expect(() => decodeRecording('')).toThrow(RecordingError);
    expect(() => decodeRecording('{"kind":"note","t":0,"level":"info","text":"x"}\n')).toThrow(
      'line 1: must be the header, got a line of kind note',
    );
    expect(() => decodeRecording(encodeLine({ ...exampleHeader, version: 2 }))).toThrow(
      'line 1: version 2 is newer than the newest that is read here (1)',
    );
    expect(() => decodeRecording('{"kind":"header"}\n')).toThrow(
      'line 1: header.version must be a number, got nothing',
    );
  });

  it('keeps fields that it does not know', () => {
    const { recording } = decodeRecording(
      `${header}{"kind":"note","t":1,"level":"info","text":"x","colour":"red"}\n`,
    );
    expect(recording.lines[0]).toHaveProperty('colour', 'red');
  });
});
