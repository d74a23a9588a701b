// Bundles one app: node tools/bundle.mjs apps/NAME -> apps/NAME/dist/<entry>.cjs for every src/<entry>.entry.ts and src/main.ts.
// These bundles are what the lab, the images and the benches run.
import { build } from 'esbuild';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node.mjs';

const folder = process.argv[2];
if (!folder || !existsSync(join(root, folder, 'src'))) {
  console.error(
    `usage: node tools/bundle.mjs FOLDER (a folder with src/main.ts), got ${folder ?? 'nothing'}`,
  );
  process.exit(2);
}
const src = join(root, folder, 'src');
const entries = readdirSync(src)
  .filter((f) => f === 'main.ts' || f.endsWith('.entry.ts'))
  .map((f) => ({ in: join(src, f), out: f.replace(/\.ts$/, '') }));
if (entries.length === 0) process.exit(0);
const outdir = join(root, folder, 'dist');
rmSync(outdir, { recursive: true, force: true });
const result = await build({
  entryPoints: entries,
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  // import.meta.url is used by packages that ship only ES modules.
  define: { 'import.meta.url': '__bundleUrl' },
  banner: { js: "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  external: ['classic-level', 'pino-pretty'],
});
writeFileSync(join(outdir, 'meta.json'), JSON.stringify(result.metafile));
