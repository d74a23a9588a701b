import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

interface Row {
  readonly release: string;
  readonly flux: string;
  readonly helm: string;
}

const rendered = ['staging', 'production'].map((cluster) => {
  const answer = JSON.parse(
    execFileSync(process.execPath, [join(__dirname, 'flux-render.mjs')], {
      input: cluster,
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    }),
  ) as readonly Row[] | { readonly skipped: string };
  if ('skipped' in answer) process.stdout.write(`skipped: ${answer.skipped}\n`);
  return { cluster, rows: 'skipped' in answer ? [] : answer };
});
const rows = rendered.flatMap(({ cluster, rows: all }) =>
  all.map((row) => [cluster, row.release, row] as const),
);

it('has every release of both clusters, or says why not', () => {
  expect([0, 15]).toContain(rows.length);
});

(rows.length > 0 ? it : it.skip).each(rows)(
  '%s gets %s from Flux as from tools/release.mjs deploy',
  (_, __, { flux, helm }) => {
    // Only the commit in the chart's version tells them apart.
    expect(flux).toMatch(/helm\.sh\/chart: "?[a-z-]+-0\.1\.0_0123abc4567d"?/);
    expect(flux.replaceAll('_0123abc4567d', '')).toBe(helm);
  },
);
