import { execFile } from 'node:child_process';
import { existsSync, globSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Checkout } from './testing/checkout';
import { ociRegistry } from './testing/oci-registry';

const helm = [
  process.env['SCALELAB_HELM'],
  ...(process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'helm')),
  ...globSync(join(__dirname, '../../.cache/helm/*/helm')),
].find((file) => file !== undefined && existsSync(file));
if (!helm)
  process.stdout.write('skipped: no helm in PATH or .cache/helm: run "node tools/verify-charts.mjs"\n');

(helm ? describe : describe.skip)('with a real Helm and a registry', () => {
  it('pushes a chart that is complete, names the images of its release, and is signed by its digest', async () => {
    const checkout = new Checkout();
    const registry = await ociRegistry();
    try {
      const fakes = checkout.fakes(['cosign', 'docker']);
      symlinkSync(helm ?? '', join(fakes.bin, 'helm'));
      const target = `${registry.host}/lab`;
      const pushed = await checkout.release(
        [
          'charts',
          'http-demo',
          '--registry',
          target,
          '--tag',
          '1.2.3',
          '--chart-version',
          '1.2.3',
          '--push',
          '--sign',
        ],
        fakes,
      );
      expect([pushed.code, pushed.stderr]).toEqual([0, expect.anything()]);
      const digest = registry.tags.get('lab/charts/http-demo:1.2.3');
      expect(fakes.lines()).toEqual([`cosign sign --yes ${target}/charts/http-demo@${digest}`]);

      const { stdout } = await promisify(execFile)(
        helm ?? '',
        [
          'template',
          'http-demo',
          `oci://${target}/charts/http-demo`,
          '--version',
          '1.2.3',
          '--plain-http',
          '--kube-version',
          '1.34.0',
        ],
        { env: { HOME: checkout.folder, PATH: process.env['PATH'] ?? '' } },
      );
      expect(stdout).toContain(`image: "${target}/http-demo:1.2.3"`);
      expect(stdout).toContain('helm.sh/chart: "http-demo-1.2.3"');
      expect(stdout).not.toContain('0.1.0');
      expect(checkout.git('status', '--porcelain')).toBe('');
    } finally {
      registry.close();
      checkout.remove();
    }
  }, 120_000);
});
