// node tools/observability/lab-prometheus.mjs [--kubeconfig FILE] [--port 9090] [--print]
// Runs Prometheus against a running lab, with the rules of this project, on 127.0.0.1. --print writes its configuration instead.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { root } from '../node.mjs';
import { labMonitoring, labPrometheusConfig } from './lab-monitoring.mjs';
import { findTool } from './promtool.mjs';

function fail(message) {
  console.error(`lab-prometheus: ${message}`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      options: {
        kubeconfig: { type: 'string', default: process.env.KUBECONFIG ?? '' },
        port: { type: 'string', default: '9090' },
        print: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(error.message);
  }
}

const { kubeconfig, port, print } = options();
if (!kubeconfig)
  fail(
    'no kubeconfig: "npm start" prints the path of the lab\'s; give it with --kubeconfig or in KUBECONFIG',
  );
if (!(/^\d+$/.test(port) && Number(port) > 0 && Number(port) < 65_536))
  fail(`--port takes a whole number from 1 to 65535, not "${port}"`);

let config;
try {
  const monitoring = await labMonitoring(readFileSync(kubeconfig, 'utf8'));
  config = stringify(labPrometheusConfig({ monitoring, rules: join(root, 'observability/rules/*.yml') }));
} catch (error) {
  fail(`${kubeconfig}: ${error.message}`);
}
if (print) process.stdout.write(config);
else {
  const prometheus = findTool('prometheus');
  if (prometheus.skipped)
    fail(`${prometheus.skipped}; --print writes the configuration for a Prometheus of your own`);
  const folder = mkdtempSync(join(tmpdir(), 'scalelab-prometheus-'));
  writeFileSync(join(folder, 'prometheus.yml'), config);
  console.log(
    `http://127.0.0.1:${port} (Prometheus ${prometheus.version}); Ctrl-C ends it and removes its data`,
  );
  const child = spawn(
    prometheus.path,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'));
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code) => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(code ?? 1);
  });
}
