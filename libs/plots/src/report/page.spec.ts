import { projectReport, type Recording } from '@scalelab/recording';
import { exampleHeader, exampleRecording, type ExampleShapes } from '@scalelab/recording/testing';
import { reportPage } from '..';

const recording = exampleRecording();
const report = projectReport(recording);
const page = reportPage(report, recording);
const pageOf = (other: Recording<ExampleShapes>): string => reportPage(projectReport(other), other);

describe('reportPage', () => {
  it('asks for nothing outside itself', () => {
    expect(page).not.toMatch(/(src|href)="(?!#)/);
    expect(page).not.toMatch(/@import|url\((?!#)|<link|<iframe|fetch\(|XMLHttp/);
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//);
  });

  it('answers first whether everything held and nothing was lost', () => {
    expect(page).toContain('✓ Everything expected held, nothing was lost.');
    const lost = pageOf({
      ...recording,
      lines: recording.lines.map((l) => (l.kind === 'messages' ? { ...l, stored: 574, lost: 1 } : l)),
    });
    expect(lost).toContain('✗ Not everything held.');
    expect(lost).toContain('<span class="state bad">✗ 1</span>');
    const failed = pageOf({
      ...recording,
      lines: recording.lines.map((l) => (l.kind === 'expectation' ? { ...l, held: false } : l)),
    });
    expect(failed).toContain('✗ 0 of 3');
    expect(failed).toContain('✗ did not hold');
  });

  it('does not call a run failed that expected nothing', () => {
    const lines = recording.lines.filter((l) => l.kind !== 'expectation' && l.kind !== 'messages');
    expect(pageOf({ ...recording, lines })).toContain('Nothing was expected of this run');
  });

  it("puts a caller's overview in the place of the summary", () => {
    const own = reportPage(report, recording, { overview: '<section>33 pod-seconds</section>' });
    expect(own).toContain('<section>33 pod-seconds</section>');
    expect(own).not.toContain('Everything expected held');
  });

  it('draws workloads that are compared to the same scales', () => {
    const ticks = (html: string, id: string): readonly string[] => {
      const [, svg = ''] = html.split(`id="${id}-clip-0"`);
      const [panel = ''] = svg.split(`id="${id}-clip-1"`);
      return [...panel.matchAll(/text-anchor="end"[^>]*>(\d+)</g)].map(([, tick = '']) => tick);
    };
    const same = reportPage(report, recording, { sameScales: true });
    expect(ticks(same, 'w0-wide')).toEqual(ticks(same, 'w1-wide'));
    expect(ticks(page, 'w0-wide')).not.toEqual(ticks(page, 'w1-wide'));
  });

  it('shows each workload once wide and once narrow, with every sample in its table', () => {
    for (const id of ['w0-wide', 'w0-narrow', 'w1-wide', 'w1-narrow'])
      expect(page).toContain(`id="${id}-clip-0"`);
    const rows = report.workloads.reduce((sum, w) => sum + w.samples.length, 0);
    expect(page.match(/<tr><td class="figure">\d+<\/td><td class="figure">/g)).toHaveLength(rows);
  });

  it('has the sentence and the steps of every decision, in the order of the marks', () => {
    const decisions = report.workloads.reduce((sum, w) => sum + w.decisions.length, 0);
    expect(page.match(/<template>/g)).toHaveLength(decisions);
    const first = report.workloads[0]?.decisions[0];
    expect(page).toContain(`<p class="sentence">${first?.message.replace('>', '&gt;')}</p>`);
    expect(page).toContain('<td>value 224, threshold 5</td>');
  });

  it('gives every id once', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('escapes what comes from the recording', () => {
    const evil = '<script>alert(1)</script>';
    const lines = recording.lines.map((l) =>
      'sentence' in l
        ? {
            ...l,
            sentence: evil,
            reason: evil,
            steps: [{ rule: evil, inputs: { [evil]: evil }, result: evil }],
          }
        : l,
    );
    const hostile = pageOf({
      header: { ...exampleHeader, speed: evil },
      lines: [...lines, { kind: 'note', t: 1, level: 'warn', text: evil }],
    });
    expect(hostile.match(/<script>/g)).toHaveLength(1);
    expect(hostile).not.toContain('alert(1)</script>');
  });

  it('tells how to make a recording when there is nothing in it', () => {
    const empty = pageOf({ header: exampleHeader, lines: [] });
    expect(empty).toContain('npm start -- --once --report DIR');
    expect(empty).not.toContain('NaN');
  });

  it('says when reasons are inferred', () => {
    expect(pageOf({ ...recording, header: { ...exampleHeader, fidelity: 'observed' } })).toContain(
      'reasons are inferred',
    );
  });
});
