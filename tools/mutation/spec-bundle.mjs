// All specs of a library in one script, so that a fresh copy of every module is one function call away.
import fs, { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { build } from 'esbuild';
import { root } from '../node.mjs';
import { collectTests } from './test-collector.mjs';

/** A property is tried this often, or less when its spec says so. */
const mostRandomRuns = 40;
const requireFromRoot = createRequire(join(root, 'package.json'));

/**
 * Bundles modules and their specs.
 * @param {{folder: string, modules: string[], specs: string[], alias: Record<string, string>}} options files relative to `folder`;
 *   `alias` by package name
 * @returns {Promise<(onEnter?: (spec: string) => void) => import('./test-collector.mjs').CollectedTest[]>} loads every module anew,
 *   the specs after all others, and returns the tests
 */
export async function bundleSpecs({ folder, modules, specs, alias }) {
  const load = (file) => `require(${JSON.stringify(`./${file}`)});`;
  const entry = [
    ...modules.map(load),
    ...specs.map((spec) => `enter(${JSON.stringify(spec)}); ${load(spec)}`),
  ].join('\n');
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: folder, loader: 'js' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    alias,
    nodePaths: [join(root, 'node_modules')],
    packages: 'external',
    logLevel: 'error',
    plugins: [ownDirname(folder)],
  });
  const script = new Script(
    `(function (require, enter, JSON, describe, it, test, expect) {${outputFiles[0].text}\n})`,
    { filename: 'specs.cjs' },
  );
  const run = script.runInThisContext();
  return (onEnter) => {
    const { tests, globals, enter } = collectTests(onEnter);
    // jest-each notes a stack for each table.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      run(requireOf, enter, calmJson, globals.describe, globals.it, globals.test, globals.expect);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    return tests;
  };
}

/**
 * Random tests in full would take most of the time. Fewer runs can only leave more mutants alive; a fixed seed gives each mutant the
 * same inputs.
 */
const fastCheck = requireFromRoot('fast-check');
const calmFastCheck = {
  ...fastCheck,
  assert: (property, options = {}) =>
    fastCheck.assert(property, {
      seed: 20260601,
      ...options,
      numRuns: Math.min(options.numRuns ?? 100, mostRandomRuns),
      endOnFailure: true,
    }),
};

/** Recordings are read and parsed once, not once a mutant; frozen, so that no mutant can spoil them for the next. */
const recordings = new Set();
const readOnce = once((path) => {
  const text = readFileSync(path, 'utf8');
  recordings.add(text);
  return text;
});
const parseOnce = once((text) => deepFrozen(JSON.parse(text)));
const calmFs = {
  ...fs,
  readFileSync: (path, options) =>
    String(path).endsWith('.json') ? readOnce(path) : readFileSync(path, options),
};
const calmJson = {
  stringify: JSON.stringify,
  parse: (text, ...more) =>
    more.length === 0 && recordings.has(text) ? parseOnce(text) : JSON.parse(text, ...more),
};

const replaced = { 'fast-check': { ...calmFastCheck, default: calmFastCheck }, 'node:fs': calmFs };
const requireOf = (name) => replaced[name] ?? requireFromRoot(name);

function once(make) {
  const made = new Map();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key);
  };
}

function deepFrozen(value) {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFrozen);
  return value;
}

/** In a bundle there is one __dirname for all: each module is given its own. */
function ownDirname(folder) {
  return {
    name: 'own-dirname',
    setup(pluginBuild) {
      pluginBuild.onLoad({ filter: /\.spec\.ts$/ }, ({ path }) => {
        if (!path.startsWith(folder)) return undefined;
        const contents = readFileSync(path, 'utf8');
        return { loader: 'ts', contents: `const __dirname = ${JSON.stringify(dirname(path))};${contents}` };
      });
    },
  };
}
