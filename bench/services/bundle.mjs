import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../apps/sqs-worker/bench/programs.mjs';

/** Bundles programs of the bench as tools/bundle.mjs bundles an app. */
export async function bundled(...files) {
  const outdir = join(root, '.cache', 'bench', 'services');
  await build({
    entryPoints: files,
    outdir,
    entryNames: '[name]',
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
    define: { 'import.meta.url': '__bundleUrl' },
    banner: { js: "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
    external: ['esbuild'],
  });
  return files.map((file) => join(outdir, `${basename(file, '.ts')}.cjs`));
}
