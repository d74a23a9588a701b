import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { formatManifestError, loadManifests } from '@scalelab/manifests';
import type { Finding } from './finding';
import { lint, lintRules, type LintedFile } from './lint';
import { sarifOf } from './sarif';

const root = join(__dirname, '../../../..');
const examples = join(root, 'examples/lint');

function read(path: string): LintedFile {
  const file = relative(root, path);
  const text = readFileSync(path, 'utf8');
  const { objects, errors } = loadManifests(text, file);
  expect(errors.map(formatManifestError)).toEqual([]);
  return { file, text, objects };
}

const codes = (findings: readonly Finding[]): string[] => findings.map(({ rule }) => rule.code);

describe('lint', () => {
  const all = lintRules.map(({ code }) => code);

  it('has a bad and a good example of every finding, and no others', () => {
    for (const folder of ['bad', 'good'])
      expect(readdirSync(join(examples, folder)).sort()).toEqual(all.map((code) => `${code}.yaml`).sort());
  });

  it.each(all)('finds %s in the bad example, on a line that says it, and nothing in the good one', (code) => {
    const bad = read(join(examples, 'bad', `${code}.yaml`));
    const found = lint([bad]).filter(({ rule }) => rule.code === code);
    expect(found.length).toBeGreaterThan(0);
    const [first] = found;
    expect(first?.line).toBeGreaterThan(1);
    expect(first?.fix).not.toBe('');
    expect(codes(lint([read(join(examples, 'good', `${code}.yaml`))]))).toEqual([]);
  });

  it('names the line of the field', () => {
    const file = read(join(examples, 'bad/activation-above-threshold.yaml'));
    const [finding] = lint([file]);
    expect(file.text.split('\n')[(finding?.line ?? 0) - 1]).toContain('activationQueueLength');
  });

  it.each(['lab', 'lab-production'])('has no error in what the charts render for profile %s', (profile) => {
    const files = readdirSync(join(root, 'charts'))
      .map((chart) => join(root, 'charts', chart, 'rendered', `${profile}.yaml`))
      .filter((path) => existsSync(path))
      .map(read);
    expect(files.length).toBeGreaterThan(5);
    expect(lint(files).filter(({ rule }) => rule.level === 'error')).toEqual([]);
  });

  it('does not hold renders of one chart for several profiles against each other', () => {
    const renders = join(root, 'charts/sqs-worker/rendered');
    const profiles = readdirSync(renders).map((name) => read(join(renders, name)));
    expect(profiles.length).toBeGreaterThan(3);
    expect(lint(profiles).filter(({ rule }) => rule.level === 'error')).toEqual([]);
    // Files that hold no workload twice may well meet on a cluster.
    const [first] = profiles;
    if (!first) throw new Error('there are no renders');
    const hpa = first.text.split('---').find((text) => text.includes('kind: HorizontalPodAutoscaler')) ?? '';
    const text = hpa.replace(/name: sqs-worker-api$/m, 'name: another');
    const other = { file: 'another.yaml', text, objects: loadManifests(text, 'another.yaml').objects };
    expect(new Set(codes(lint([first, other])))).toContain('two-autoscalers');
  });

  it('takes partitions and work time from the caller where the manifests are silent', () => {
    const kafka = read(join(examples, 'good/even-distribution-restores-cap.yaml'));
    expect(codes(lint([kafka], { partitions: 3 }))).toEqual(['kafka-max-above-partitions']);
    const worker = read(join(examples, 'good/replicas-beside-autoscaler.yaml'));
    expect(codes(lint([worker], { workSeconds: 30 }))).toEqual(['grace-shorter-than-work']);
  });

  it('writes SARIF whose results point at rules and lines', () => {
    const findings = lint([read(join(examples, 'bad/raw-counter.yaml'))]);
    expect(sarifOf(findings)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          results: [
            {
              ruleId: 'raw-counter',
              level: 'error',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'examples/lint/bad/raw-counter.yaml' },
                    region: { startLine: findings[0]?.line },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
  });
});
