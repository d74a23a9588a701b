// Mutates the folders of libs/scaling one after the other; each folder's result is kept in .cache/mutation/results.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { projectNode, root } from '../node.mjs';
import { cache, findStryker } from './packages.mjs';
import { keptResults, reportOf, resultFile, resultsFolder, writeReport } from './report.mjs';
import { scoreOf, survivorsOf } from './results.mjs';

const library = 'libs/scaling';
const project = join(cache, 'project');

/**
 * @param {string[]} args folders of the library's src (none: all); `--sample=0.2`: a fifth of the mutants, another fifth for each
 *   `--seed`; `--report`: no run, the table of what is kept
 * @returns {Promise<number>} exit code
 */
export async function mutate(args) {
  if (args.includes('--report')) {
    await report();
    return 0;
  }
  const folders = args.filter((arg) => !arg.startsWith('--'));
  const option = (name) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(`--${name}=`.length);
  const share = option('sample');
  const sample = share === undefined ? undefined : { share: Number(share), seed: option('seed') ?? '1' };
  const stryker = findStryker();
  if ('skipped' in stryker) {
    console.log(`skipped: ${stryker.skipped}`);
    return 1;
  }
  const all = foldersWithCode();
  const wanted =
    folders.length === 0
      ? all
      : [...new Set(folders.flatMap((f) => all.filter((one) => one === f || one.startsWith(`${f}/`))))];
  if (wanted.length === 0) {
    console.error(`no such folder in ${library}/src: ${folders.join(' ')} (there are: ${all.join(' ')})`);
    return 2;
  }
  copyLibrary();
  mkdirSync(resultsFolder, { recursive: true });
  let failures = 0;
  for (const folder of wanted) {
    const from = performance.now();
    const result = resultFile(folder);
    rmSync(result, { force: true });
    const config = join(project, 'stryker.json');
    writeFileSync(config, JSON.stringify(configFor(folder, result, sample)));
    const { status } = spawnSync(projectNode(), [stryker.bin, 'run', config], {
      cwd: project,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (status !== 0 || !existsSync(result)) {
      failures += 1;
      console.log(`FAILED ${folder}`);
      continue;
    }
    const seconds = Math.round((performance.now() - from) / 1000);
    const measuredOn = new Date().toISOString().slice(0, 10);
    const kept = { folder, seconds, sample, measuredOn, ...JSON.parse(readFileSync(result, 'utf8')) };
    writeFileSync(result, JSON.stringify(kept));
    const { killed, valid, percent } = scoreOf(kept);
    console.log(`${folder}: ${killed} of ${valid} killed, ${percent.toFixed(1)} % (${seconds} s)`);
    writeFileSync(result.replace(/\.json$/, '.survivors.txt'), survivorsOf(kept));
  }
  if (failures === 0 && folders.length === 0) await report();
  return failures === 0 ? 0 : 1;
}

/** All that is kept goes into docs/numbers.md. */
async function report() {
  const lines = reportOf(keptResults());
  console.log(lines.join('\n'));
  await writeReport(lines);
}

/** Folders below src that hold code which is not a spec, each without those below it. */
function foldersWithCode() {
  const src = join(root, library, 'src');
  const files = readdirSync(src, { recursive: true }).filter((file) => /(?<!\.spec)\.ts$/.test(file));
  return [...new Set(files.map((file) => dirname(file)))].sort();
}

/** Stryker works on a copy: edits of others while it runs change nothing. */
function copyLibrary() {
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, 'package.json'), '{ "name": "project", "private": true }\n');
  cpSync(join(root, library), join(project, library), { recursive: true });
}

function configFor(folder, result, sample) {
  return {
    mutate: [`${library}/src/${folder === '.' ? '' : `${folder}/`}*.ts`, `!${library}/src/**/*.spec.ts`],
    testRunner: 'in-process',
    plugins: [join(root, 'tools/mutation/stryker-plugin.mjs')],
    ignorers: ['documentation-addresses'],
    inProcess: { library, packageName: '@scalelab/scaling', sample },
    coverageAnalysis: 'perTest',
    concurrency: 1,
    timeoutMS: 30_000,
    timeoutFactor: 1.5,
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: relative(project, result) },
    disableTypeChecks: false,
    symlinkNodeModules: false,
    checkers: [],
    allowEmpty: true,
    fileLogLevel: 'off',
    logLevel: 'warn',
    warnings: { unknownOptions: false, slow: false },
  };
}
