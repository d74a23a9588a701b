import { exampleRecording } from '@scalelab/recording/testing';
import { workloadsOf } from '@scalelab/recording';
import {
  bottomAxis,
  clockTicks,
  contrast,
  dark,
  decisionMarks,
  escape,
  formatAmount,
  formatDuration,
  formatFigure,
  gaps,
  horizontalRule,
  leftAxis,
  light,
  line,
  niceCeiling,
  niceTicks,
  plot,
  points,
  scalingPicture,
  scalingStory,
  stepArea,
  stepLine,
  svgDocument,
  timeTicks,
  wholeTicks,
  type Mark,
  type Palette,
  type Token,
} from '.';

const palettes: readonly (readonly [string, Palette])[] = [
  ['light', light],
  ['dark', dark],
];
const texts: readonly Token[] = ['text', 'quiet', 'target', 'good', 'warn', 'bad', 'idle', 'ready'];
const graphics: readonly Token[] = [
  'ready',
  'desired',
  'signal',
  'target',
  'good',
  'warn',
  'bad',
  'idle',
  'quiet',
];

describe.each(palettes)('the %s tokens', (_, palette) => {
  it.each(texts)('give text in %s a contrast of 4.5 on page and panel', (token) => {
    expect(contrast(palette[token], palette.page)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette[token], palette.panel)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(graphics)('give graphics in %s a contrast of 3 on the panel', (token) => {
    expect(contrast(palette[token], palette.panel)).toBeGreaterThanOrEqual(3);
  });
});

it('measures contrast as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#ffffff', '#ffffff')).toBe(1);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

describe('scales', () => {
  it('tick at round values', () => {
    expect(niceTicks(0, 97, 5)).toEqual([0, 20, 40, 60, 80]);
    expect(niceTicks(0, 0.5, 5)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(wholeTicks(0, 2.4, 5)).toEqual([0, 1, 2]);
    expect(timeTicks(0, 200, 6)).toEqual([0, 60, 120, 180]);
    expect(timeTicks(0, 100, 8)).toEqual([0, 15, 30, 45, 60, 75, 90]);
    expect(niceTicks(3, 3, 5)).toEqual([3]);
  });
  it('end axes at round values', () => {
    expect([0, 1, 7, 11, 118, 251].map(niceCeiling)).toEqual([1, 1, 8, 12, 120, 300]);
  });
});

describe('numbers for people', () => {
  it.each([
    [0, '0'],
    [1234.56, '1,234.6'],
    [0.01234, '0.012'],
    [12, '12'],
    [Number.POSITIVE_INFINITY, '∞'],
  ])('%s is %s', (value, text) => expect(formatFigure(value)).toBe(text));
  it.each([
    [0, '0 s'],
    [7.25, '7.3 s'],
    [90, '90 s'],
    [120, '2 min'],
    [150, '2 min 30 s'],
    [3_780, '1 h 3 min'],
  ])('%s seconds are %s', (value, text) => expect(formatDuration(value)).toBe(text));
  it('carry their unit', () => {
    expect([formatAmount(70, '%'), formatAmount(20, 'messages'), formatAmount(5, '')]).toEqual([
      '70%',
      '20 messages',
      '5',
    ]);
  });
});

/** A frame of 100 x 100 pixels over 0..10 in both directions. */
const draw = (...marks: Mark[]): string =>
  plot({
    id: 'p',
    width: 100,
    x: [0, 10],
    margin: { left: 0, right: 0, top: 0, bottom: 0 },
    label: 'a "test"',
    panels: [{ height: 100, y: [0, 10], marks }],
  });
const paths = (svg: string): string[] => [...svg.matchAll(/ d="([^"]*)"/g)].map((m) => m[1] ?? '');

describe('marks', () => {
  it('hold a step until the next one, and leave out what changes nothing', () => {
    expect(
      paths(
        draw(
          stepLine(
            [
              [0, 1],
              [2, 1],
              [4, 3],
              [10, 3],
            ],
            'ready',
          ),
        ),
      ),
    ).toEqual(['M0 90L40 90L40 70L100 70']);
    expect(
      paths(
        draw(
          stepArea(
            [
              [0, 1],
              [4, 3],
            ],
            'ready-area',
          ),
        ),
      ),
    ).toEqual(['M0 100L0 90L40 90L40 70L40 100Z']);
  });

  it('find where the desired stand above the ready, as one area while it stays the same', () => {
    const desired = [
      [0, 1],
      [1, 4],
      [2, 4],
      [3, 4],
    ] as const;
    const ready = [
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 4],
    ] as const;
    expect(gaps(desired, ready)).toEqual([{ from: 1, to: 3, low: 1, high: 4 }]);
  });

  it('break a line where the value is not known', () => {
    const svg = draw(
      line(
        [
          [0, 0],
          [1, 1],
          [2, null],
          [3, 3],
          [4, null],
          [5, 5],
          [6, 6],
        ],
        'signal',
      ),
    );
    expect(paths(svg)).toEqual(['M0 100L10 90', 'M50 50L60 40']);
    expect(svg).toContain('<circle class="signal-dot" cx="30" cy="70"');
  });

  it('keep every spike of a line that has more points than pixels', () => {
    const values = Array.from({ length: 5_000 }, (_, i) => [i / 500, i === 2_345 ? 9 : i % 2] as const);
    const [d = ''] = paths(draw(line(values, 'signal')));
    expect(d.split('L').length).toBeLessThan(250);
    expect(d).toContain(' 10L');
  });

  it('draw rules with their names, escaped', () => {
    const svg = draw(horizontalRule(5, { label: 'max <5> & more', className: 'limit' }));
    expect(svg).toContain('<line class="limit" x1="0" x2="100" y1="50" y2="50"></line>');
    expect(svg).toContain('max &lt;5&gt; &amp; more');
  });

  it('let clock ticks that share a pixel fall together', () => {
    expect(paths(draw(clockTicks([1, 1.01, 2], 'up', 'sync')))).toEqual(['M10 50v-8M20 50v-8']);
    expect(draw(clockTicks([], 'up', 'sync'))).not.toContain('<path');
  });

  it('tell decisions apart by shape, and label changes where there is room', () => {
    const at = (t: number, from: number, to: number) => ({ t, from, to, sentence: `${from} to ${to}` });
    const svg = draw(
      decisionMarks([at(1, 0, 1), at(1.2, 1, 4), at(6, 4, 2), at(9, 2, 2)], { above: 5, below: 5 }),
    );
    expect(
      [...svg.matchAll(/class="decision (\w+)" data-decision="(\d)"/g)].map((m) => [m[1], m[2]]),
    ).toEqual([
      ['up', '0'],
      ['up', '1'],
      ['down', '2'],
      ['held', '3'],
    ]);
    expect([...svg.matchAll(/>(\d→\d)</g)].map((m) => m[1])).toEqual(['0→1', '4→2']);
    expect(new Set(paths(svg)).size).toBe(3);
  });

  it('place points with axes for a scatter plot', () => {
    const svg = plot({
      id: 's',
      width: 200,
      x: [0, 10],
      label: 'scatter',
      panels: [
        {
          height: 100,
          y: [0, 10],
          backdrop: [leftAxis({ ticks: [0, 10], format: String, title: 'cost' })],
          marks: [points([{ x: 5, y: 5, label: 'a', title: 'what' }], 'diamond', 'series-1')],
          labels: [bottomAxis({ ticks: [0, 10], format: String })],
        },
      ],
    });
    expect(svg).toContain('<title>what</title><path class="series-1"');
    expect(svg.indexOf('class="grid"')).toBeLessThan(svg.indexOf('series-1'));
  });

  it('make a file of its own out of a plot', () => {
    const svg = svgDocument(draw());
    expect(svg).toMatch(/^<svg [^>]*aria-label="a &quot;test&quot;"[^>]*><style>:root\{/);
    expect(svg).toContain('prefers-color-scheme:dark');
  });
});

it('escapes what would be markup', () => {
  expect(escape(`<a b="c">'&`)).toBe('&lt;a b=&quot;c&quot;&gt;&#39;&amp;');
});

describe('the picture of a workload', () => {
  const recording = exampleRecording();
  const [workload] = workloadsOf(recording);
  if (!workload) throw new Error('the example has no workload');
  const story = scalingStory(workload, recording.lines);
  const picture = scalingPicture(story, { id: 'w', width: 1160, from: 0, to: 200 });

  it('draws both clocks, every decision and the named rules', () => {
    expect(story.syncs.length).toBeGreaterThan(3);
    expect(picture.match(/data-decision=/g)).toHaveLength(story.decisions.length);
    for (const text of [
      'max 10',
      'target 20 messages a replica',
      'activation above 5',
      'HPA sync',
      'KEDA poll',
      '220 messages',
      'replicas',
      'signal, messages',
    ]) {
      expect(picture).toContain(`>${text}<`);
    }
    expect(picture).toContain('fill:url(#w-starting)');
  });

  it('contains no coordinate that is not a number', () => {
    for (const width of [1160, 380]) {
      const svg = scalingPicture(story, { id: 'w', width, from: 0, to: 200 });
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it('leaves out values that no axis can show', () => {
    const lines = recording.lines.map((l) =>
      l.kind === 'sample' && l.t === 50 ? { ...l, value: Number.POSITIVE_INFINITY } : l,
    );
    const svg = scalingPicture(scalingStory(workload, lines), { id: 'i', width: 380, from: 0, to: 200 });
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('draws an empty story', () => {
    const empty = scalingPicture(scalingStory(workload, []), { id: 'e', width: 380, from: 0, to: 1 });
    expect(empty).toMatch(/^<svg/);
    expect(empty).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('draws the age of the backlog and the ceiling of partitions where they are known', () => {
    const lines = recording.lines.map((l) => {
      if (l.kind === 'sample') return { ...l, backlogAgeSeconds: l.t / 10 };
      if (l.kind !== 'kedaPoll') return l;
      const observation = { kind: 'kafka', latest: { events: [1, 2, 3, 4, 5, 6] }, committed: {} };
      return { ...l, input: { answers: [{ kind: 'observed', observation }] } };
    });
    const svg = scalingPicture(scalingStory(workload, lines), { id: 'k', width: 1160, from: 0, to: 200 });
    expect(svg).toContain('>backlog age, s<');
    expect(svg).toContain('>6 partitions<');
  });
});
