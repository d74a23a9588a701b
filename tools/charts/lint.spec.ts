import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadManifests } from '@scalelab/manifests';
import { formatFinding, lint } from '@scalelab/simulation';

const root = join(__dirname, '../..');
const files = readdirSync(join(root, 'charts'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'common')
  .map(({ name }) => `charts/${name}/rendered`)
  .flatMap((folder) => readdirSync(join(root, folder)).map((file) => `${folder}/${file}`));

function findings(path: string, change = (text: string) => text) {
  const text = change(readFileSync(join(root, path), 'utf8'));
  return lint([{ file: path, text, objects: loadManifests(text, path).objects }]);
}

/** Warnings that are meant. Everything else is a defect of the charts. */
function intended(path: string): readonly string[] {
  const codes: string[] = [];
  // This profile is there to show Kubernetes without any `behavior`.
  if (path.endsWith('lab-production.yaml')) codes.push('spike-keeps-scaling');
  // A lab's Prometheus has no series before the first scrape; production and eks count that as an error and have a fallback.
  if (/http-demo\/rendered\/(lab|lab-production|kind-demo|mode-keda)\.yaml$/.test(path))
    codes.push('empty-result-hides-outage');
  return codes;
}

describe('lint of the renders', () => {
  it.each(files)('%s has no finding that is not meant', (path) => {
    const meant = intended(path);
    expect(findings(path).filter(({ rule }) => rule.level === 'error' || !meant.includes(rule.code)).map(formatFinding)).toEqual(
      [],
    );
  });

  it('knows the partitions of the topic', () => {
    const path = 'charts/kafka-consumer/rendered/production.yaml';
    const codes = findings(path, (text) => text.replace(/maxReplicaCount: 6/, 'maxReplicaCount: 7')).map(
      ({ rule }) => rule.code,
    );
    expect(codes).toContain('kafka-max-above-partitions');
  });
});
