import { sparkline, terminalPlot } from '.';

describe('sparkline', () => {
  it.each<[readonly (number | null)[], number, string]>([
    [[0, 1, 2, 3, 4, 5, 6, 7], 10, '▁▂▃▄▅▆▇█'],
    [[0, 0], 10, '▁▁'],
    [[], 10, ''],
    [[1, null, 1], 10, '█ █'],
    [[0, 0.01, 100], 10, '▁▂█'],
    [[0, 0, 9, 0, 0, 0], 3, '▁█▁'],
  ])('%j in %d characters', (values, width, expected) => {
    expect(sparkline(values, width)).toBe(expected);
  });
});

describe('terminalPlot', () => {
  it('draws blocks, a rule with its name and the axes within the width', () => {
    const values = Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : 100));
    const rows = terminalPlot(values, {
      width: 40,
      height: 4,
      rules: [{ value: 20, label: 'target 20' }],
      seconds: 80,
    });
    expect(rows).toEqual([
      '100 │                  █████████████████',
      '    │                  █████████████████',
      ' 50 │                  █████████████████',
      '    │ target 20 -------█████████████████',
      '  0 └───────────────────────────────────',
      '     0 s                            80 s',
    ]);
    expect(Math.max(...rows.map((row) => [...row].length))).toBeLessThanOrEqual(40);
  });

  it('stays within ASCII when asked to', () => {
    expect(terminalPlot([0, 5, 9], { width: 20, height: 3, ascii: true }).join('')).toMatch(/^[\x20-\x7e]*$/);
  });

  it('draws nothing known as nothing', () => {
    expect(terminalPlot([null, null], { width: 20, height: 2 })[0]).toMatch(/^ *1 │ *$/);
  });
});
