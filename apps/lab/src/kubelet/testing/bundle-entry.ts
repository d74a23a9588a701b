import { buildSync } from 'esbuild';
import { join } from 'node:path';

/** Bundles an entry of this app as the build does, into a folder of the test. */
export function bundleEntry(entry: string, folder: string): string {
  const outfile = join(folder, `${entry}.cjs`);
  buildSync({
    entryPoints: [join(__dirname, '..', '..', `${entry}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    logLevel: 'error',
  });
  return outfile;
}
