// What every pipeline calls: images, charts, deployment and the message at the end. `node tools/release.mjs --help`
import { notify } from './release/notify.mjs';
import { parseCommandLine, usage } from './release/options.mjs';
import { redactor } from './release/secrets.mjs';
import { StepError } from './release/step-error.mjs';
import { versionOfCheckout } from './release/version.mjs';

const redact = redactor(process.env);

// Loaded when used: only charts need packages from npm, so that other jobs of a pipeline can do without `npm ci`.
const steps = {
  images: async (...args) => (await import('./release/images.mjs')).releaseImages(...args),
  charts: async (...args) => (await import('./release/charts.mjs')).releaseCharts(...args),
  deploy: async (...args) => (await import('./release/deploy.mjs')).deploy(...args),
};

async function named(options) {
  const version = await versionOfCheckout({ ref: options.ref });
  return {
    version,
    named: {
      ...options,
      tag: options.tag ?? version.tag,
      chartVersion: options.chartVersion ?? version.chart,
    },
  };
}

const commands = {
  async version(options) {
    const { version } = await named(options);
    return [`image-tag=${version.tag}`, `chart-version=${version.chart}`, `commit=${version.commit}`].join(
      '\n',
    );
  },
  async images(options) {
    const { named: all, version } = await named(options);
    return steps.images(all, version);
  },
  async charts(options) {
    const { named: all, version } = await named(options);
    return steps.charts(all, version);
  },
  async deploy(options) {
    return steps.deploy((await named(options)).named);
  },
  async notify(options) {
    return notify({ ...options, tag: (await named(options)).named.tag });
  },
  async all(options) {
    const { named: all, version } = await named(options);
    const names = [];
    let outcome = { status: 'success', tag: all.tag };
    try {
      console.log(await steps.images({ ...all, names, push: true }, version));
      console.log(await steps.charts({ ...all, names, push: true, out: '.cache/packages' }, version));
      console.log(await steps.deploy({ ...all, names }));
      return `released ${all.tag}`;
    } catch (error) {
      outcome = { status: 'failure', tag: all.tag, step: error.step ?? 'unknown', detail: error.message };
      throw error;
    } finally {
      // How the message fares does not change how the release went.
      await notify(outcome).then(console.log, (error) => process.stderr.write(`${told(error)}\n`));
    }
  },
};

function told(error) {
  if (!(error instanceof StepError)) return redact(`release: ${error.stack}`);
  return redact(`release: ${error.step}: ${error.message}\n  ${error.cure}`);
}

const argv = process.argv.slice(2);
if (argv.includes('--help') || argv.includes('-h')) {
  console.log(usage());
} else {
  try {
    const options = parseCommandLine(argv);
    console.log(redact(await commands[options.command](options)));
  } catch (error) {
    process.stderr.write(`${told(error)}\n`);
    process.exitCode = error instanceof StepError ? error.exitCode : 1;
  }
}
