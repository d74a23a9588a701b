// A test runner for Stryker that stays in one process: a mutant costs the time of its tests, not a start of Jest.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { inSample } from './sample.mjs';
import { bundleSpecs } from './spec-bundle.mjs';

/** Tests of speed say nothing about a mutant, and on a busy machine they would kill at random. */
const ofSpeed = /well under \d+ s$/;
/** In the sandbox: how often each test reached each mutant, and how long it took. */
const hitsFile = 'hits.json';

/** Stands for what happens while modules are loaded. */
const loading = 'loading';
const declaring = 'declaring ';
const declaringOf = (spec) => `${declaring}${spec}`;
const success = 0;
const failed = 1;

class InProcessRunner {
  static inject = ['options'];

  #options;
  #stryker;
  #load;
  #tests = [];
  #durations = new Map();
  #killers = new Map();
  #hits = {};

  constructor(options) {
    this.#options = options.inProcess;
    this.#stryker = globalThis.__stryker__ ??= {};
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    const folder = process.cwd();
    // A worker that takes over after a timeout has not seen the first run.
    if (existsSync(hitsFile)) {
      const { hits, durations } = JSON.parse(readFileSync(hitsFile, 'utf8'));
      this.#hits = hits;
      this.#durations = new Map(durations);
    }
    const files = globSync(`${this.#options.library}/src/**/*.ts`).sort();
    const isSpec = (file) => file.endsWith('.spec.ts');
    this.#load = await bundleSpecs({
      folder,
      modules: files.filter((file) => !isSpec(file)),
      specs: files.filter((file) => isSpec(file) && !file.endsWith('.long.spec.ts')),
      alias: { [this.#options.packageName]: `${folder}/${this.#options.library}/src/index.ts` },
    });
  }

  async dryRun() {
    const files = [];
    this.#stryker.activeMutant = undefined;
    this.#stryker.currentTestId = undefined;
    this.#reload((file) => {
      files.push(file);
      this.#stryker.currentTestId = declaringOf(file);
    });
    // What a spec computes while it declares its tests counts as a test, so that it is not taken for a constant of a module.
    const tests = [loading, ...files.map(declaringOf)].map((id) => ({
      id,
      name: id,
      timeSpentMs: 0,
      status: success,
    }));
    for (const test of this.#tests) {
      this.#stryker.currentTestId = test.id;
      const from = performance.now();
      const failure = await failureOf(test);
      const timeSpentMs = performance.now() - from;
      this.#durations.set(test.id, timeSpentMs);
      const told = { id: test.id, name: test.id, fileName: test.file, timeSpentMs };
      tests.push(
        failure === undefined
          ? { ...told, status: success }
          : { ...told, status: failed, failureMessage: failure },
      );
    }
    this.#stryker.currentTestId = undefined;
    this.#hits = this.#stryker.mutantCoverage?.perTest ?? {};
    writeFileSync(hitsFile, JSON.stringify({ hits: this.#hits, durations: [...this.#durations] }));
    return { status: 'complete', tests, mutantCoverage: this.#stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation, sandboxFileName }) {
    const file = relative(process.cwd(), sandboxFileName);
    if (!this.#isWanted(file, activeMutant)) return { status: 'survived', nrOfTests: 0 };
    const stryker = this.#stryker;
    stryker.hitLimit = hitLimit;
    stryker.hitCount = hitLimit === undefined ? undefined : 0;
    stryker.activeMutant = undefined;
    const wanted = testFilter && new Set(testFilter);
    const ofLoading = mutantActivation === 'static';
    const declares = (file) => wanted === undefined || wanted.has(declaringOf(file));
    const overHitLimit = () =>
      stryker.hitCount > stryker.hitLimit
        ? { status: 'timeout', reason: `hit limit ${stryker.hitLimit} reached` }
        : undefined;
    try {
      // Modules remember (time zones, compiled formulas): each mutant gets fresh ones, lest one spoils the next.
      stryker.activeMutant = ofLoading ? activeMutant.id : undefined;
      this.#reload((spec) => {
        stryker.activeMutant = ofLoading || declares(spec) ? activeMutant.id : undefined;
      });
    } catch (error) {
      return (
        overHitLimit() ?? {
          status: 'killed',
          killedBy: [loading],
          failureMessage: String(error),
          nrOfTests: 0,
        }
      );
    }
    stryker.activeMutant = activeMutant.id;
    const chosen = this.#tests.filter(
      (test) => wanted === undefined || wanted.has(test.id) || declares(test.file),
    );
    const result = await this.#firstFailure(this.#inOrder(file, chosen), activeMutant.id);
    if (result.status === 'killed') this.#remember(file, result.killedBy[0]);
    return overHitLimit() ?? result;
  }

  /** Mutants outside the sample are told from survivors by the report (results.mjs), with the same rule. */
  #isWanted(fileName, { location, mutatorName, replacement }) {
    const fromOne = ({ line, column }) => ({ line: line + 1, column: column + 1 });
    const { start, end } = location;
    const place = { start: fromOne(start), end: fromOne(end) };
    return inSample({ fileName, location: place, mutatorName, replacement }, this.#options.sample);
  }

  async #firstFailure(tests, mutant) {
    const stryker = this.#stryker;
    let nrOfTests = 0;
    for (const test of tests) {
      nrOfTests += 1;
      // A loop without end shows in one test: nothing but a mutant runs the same code many times as often as before.
      const hits = this.#hits[test.id]?.[mutant] ?? 0;
      stryker.hitCount = 0;
      stryker.hitLimit = 1000 + 20 * hits;
      const failure = await failureOf(test);
      if (stryker.hitCount > stryker.hitLimit) break;
      if (failure !== undefined)
        return { status: 'killed', killedBy: [test.id], failureMessage: failure, nrOfTests };
    }
    return { status: 'survived', nrOfTests };
  }

  #reload(onEnter) {
    this.#tests = this.#load(onEnter).filter((test) => !ofSpeed.test(test.id));
  }

  /** What killed other mutants of this file comes first, then what is near the file, then what is quick. */
  #inOrder(file, tests) {
    const killers = this.#killers.get(file) ?? [];
    const folder = file.slice(0, file.lastIndexOf('/'));
    const own = file.replace(/\.ts$/, '.spec.ts');
    const rank = ({ id, file: spec }) => {
      const killed = killers.indexOf(id);
      if (killed >= 0) return killed - killers.length;
      if (spec === own) return 0;
      return spec.startsWith(folder) ? 1 : 2;
    };
    return tests
      .map((test) => ({ test, rank: rank(test), ms: this.#durations.get(test.id) ?? 0 }))
      .sort((a, b) => a.rank - b.rank || a.ms - b.ms)
      .map(({ test }) => test);
  }

  #remember(file, id) {
    const others = (this.#killers.get(file) ?? []).filter((known) => known !== id);
    this.#killers.set(file, [id, ...others].slice(0, 12));
  }
}

async function failureOf(test) {
  try {
    await test.run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** An address of documentation is no behaviour: its text is not mutated. */
const documentationAddresses = {
  shouldIgnore(path) {
    return path.isStringLiteral() && /^https:\/\//.test(path.node.value)
      ? 'an address of documentation'
      : undefined;
  },
};

export const strykerPlugins = [
  { kind: 'TestRunner', name: 'in-process', injectableClass: InProcessRunner },
  { kind: 'Ignore', name: 'documentation-addresses', value: documentationAddresses },
];
