import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadManifests } from '@scalelab/manifests';
import { hpaRules, kedaRules } from '@scalelab/scaling';
import { findTarget, lintRules, readSlo, simulate } from '@scalelab/simulation';

const root = join(__dirname, '../../..');
const page = readFileSync(join(root, 'docs/scaling.md'), 'utf8');
const anchors = (kind: string): readonly string[] =>
  [...page.matchAll(new RegExp(`<a id="(${kind}-[^"]+)"></a>`, 'g'))].map(([, id = '']) => id).sort();
/** The cells of the row that has this anchor. */
const cells = (anchor: string): readonly string[] =>
  (page.split('\n').find((line) => line.includes(`<a id="${anchor}"></a>`)) ?? '')
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\_', '_').replaceAll('\\*', '*'));

describe('docs/scaling.md', () => {
  it('has each rule that an explanation can name under its anchor, in the words of the code, and no other', () => {
    for (const [kind, rules] of Object.entries({ hpa: hpaRules, keda: kedaRules })) {
      expect(anchors(kind)).toEqual(
        Object.keys(rules)
          .map((rule) => `${kind}-${rule}`)
          .sort(),
      );
      for (const [rule, text] of Object.entries(rules)) expect(cells(`${kind}-${rule}`).at(-1)).toBe(text);
    }
  });

  it('has each code of lint with its level, and no other', () => {
    expect(anchors('lint')).toEqual(lintRules.map(({ code }) => `lint-${code}`).sort());
    for (const { code, level, title } of lintRules)
      expect(cells(`lint-${code}`).slice(1, 3)).toEqual([level, title]);
  });

  it('has what the steps of decisions point to', () => {
    const folder = join(root, 'examples/lint/good');
    const pointed = new Set<string>();
    for (const file of readdirSync(folder)) {
      const { objects } = loadManifests(readFileSync(join(folder, file), 'utf8'), file);
      const autoscalers = objects.filter(({ object }) => /^Scaled|Autoscaler$/.test(object.kind));
      for (const { object } of autoscalers) {
        const { decisions } = simulate({
          target: findTarget(objects, object.metadata.name),
          loads: [
            {
              points: [
                [60, 400],
                [180, 3],
                [600, null],
                [900, 0],
              ],
              seconds: 2_400,
            },
          ],
        });
        for (const { steps } of decisions) for (const { docs } of steps) pointed.add(docs);
      }
    }
    expect(pointed.size).toBeGreaterThan(12);
    const known = new Set([...anchors('hpa'), ...anchors('keda')]);
    expect([...pointed].filter((anchor) => !known.has(anchor))).toEqual([]);
  });

  it('links to headings, anchors and files that are there', () => {
    const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
      text
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    const known = new Set([...headings, ...anchors('hpa'), ...anchors('keda'), ...anchors('lint')]);
    const inner = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, id = '']) => id);
    expect(inner.length).toBeGreaterThan(10);
    expect(inner.filter((id) => !known.has(id))).toEqual([]);
    for (const [, file = ''] of page.matchAll(/\]\((\.\.\/[^)#]+)/g))
      expect(readFileSync(join(root, 'docs', file), 'utf8')).not.toBe('');
  });

  it('writes an objective as it is read, and names folders that hold what it says', () => {
    const [, slo = ''] = /--slo '([^']+)'/.exec(page) ?? [];
    expect(readSlo(slo)).toHaveLength(2);
    expect(readdirSync(join(root, 'examples/lint'))).toEqual(expect.arrayContaining(['bad', 'good']));
  });
});
