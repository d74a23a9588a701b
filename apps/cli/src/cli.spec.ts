import { readFileSync } from 'node:fs';
import { BundledCli } from './testing/bundled-cli';

let cli: BundledCli;
beforeAll(() => {
  cli = new BundledCli();
}, 60_000);
afterAll(() => cli.remove());

const worker = 'examples/lint/good/spike-keeps-scaling.yaml';
const workerText = (): string => readFileSync(`${__dirname}/../../../${worker}`, 'utf8');
const spiky = 'examples/lint/bad/spike-keeps-scaling.yaml';
const spike = 'spike:0..200/10m,at=60s,for=20s';

/** Exit code 2, nothing on standard output, one line on standard error. */
function expectRefusal(args: readonly string[], line: RegExp): void {
  const { code, out, err } = cli.run(...args);
  expect(err).toMatch(line);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
  expect({ code, out }).toEqual({ code: 2, out: '' });
}

describe('scalelab: wrong arguments and inputs', () => {
  it('names an unknown command and the nearest one', () => {
    expectRefusal(['simulat'], /unknown command "simulat"; did you mean "simulate"\?/);
  });
  it('names an unknown option and the nearest one', () => {
    expectRefusal(['lint', '--sarrif', 'x'], /unknown option --sarrif; did you mean --sarif\?/);
  });
  it('says which option is missing', () => {
    expectRefusal(['lint'], /lint: -f FILE is missing/);
    expectRefusal(['simulate', '-f', worker], /simulate: --load TRACE is missing/);
    expectRefusal(['conform'], /conform: a folder of recorded runs is needed/);
  });
  it('says why a file cannot be read', () => {
    expectRefusal(['lint', '-f', 'missing.yaml'], /missing\.yaml: cannot be read: there is no such file/);
    expectRefusal(['simulate', '-f', worker, '--load', 'missing.csv'], /missing\.csv: cannot be read/);
    expectRefusal(['conform', 'missing'], /missing: cannot be read/);
    expectRefusal(['replay', 'missing.jsonl'], /missing\.jsonl: cannot be read/);
  });
  it('names file, line, unknown field and the nearest right name', () => {
    const file = cli.file('unknown.yaml', workerText().replace('maxReplicaCount', 'maxReplicaCounts'));
    expectRefusal(
      ['lint', '-f', file],
      /unknown\.yaml:\d+: spec\.maxReplicaCounts: unknown field; did you mean "maxReplicaCount"/,
    );
  });
  it('says that no autoscaler is in the file', () => {
    const file = cli.file('config.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n');
    expectRefusal(
      ['simulate', '-f', file, '--load', spike],
      /config\.yaml: no ScaledObject, ScaledJob or HorizontalPodAutoscaler found/,
    );
  });
  it('refuses a kind that is not known, with its line', () => {
    const file = cli.file('kind.yaml', workerText().replace('kind: ScaledObject', 'kind: ScaledObjekt'));
    expectRefusal(['simulate', '-f', file, '--load', spike], /kind\.yaml:\d+: .*ScaledObjekt/);
  });
  it('refuses a bad quantity with file and line', () => {
    const example = readFileSync(
      `${__dirname}/../../../examples/lint/good/cpu-trigger-without-requests.yaml`,
      'utf8',
    );
    const hpa = example.replace('cpu: 100m', 'cpu: 100Q');
    const file = cli.file('quantity.yaml', hpa);
    expectRefusal(['lint', '-f', file], /quantity\.yaml:\d+: .*100Q/);
  });
  it('refuses a bad duration', () => {
    expectRefusal(
      ['simulate', '-f', worker, '--load', 'ramp:0..5/tenminutes'],
      /ramp:0\.\.5\/tenminutes: the duration must be a duration such as 90s/,
    );
    expectRefusal(
      ['simulate', '-f', worker, '--load', spike, '--from', '5 apples'],
      /--from must be a duration/,
    );
  });
  it('refuses a trace that is not in order of time, with its line', () => {
    const file = cli.file('order.csv', 'time,value\n0,1\n60,5\n30,9\n');
    expectRefusal(
      ['simulate', '-f', worker, '--load', file],
      /order\.csv:4: time 30 comes after 60: the points are not in order of time/,
    );
  });
  it('refuses a trace value that is no number, with its line', () => {
    const file = cli.file('value.csv', '0,1\n60,many\n');
    expectRefusal(['simulate', '-f', worker, '--load', file], /value\.csv:2: value must be a number/);
  });
  it('names an unknown field of the model with its line', () => {
    const file = cli.file('model.yaml', 'concurrency: 4\nserviceSecond: 2\n');
    expectRefusal(
      ['simulate', '-f', worker, '--load', spike, '--model', file],
      /model\.yaml:2: serviceSecond: unknown field; did you mean "serviceSeconds"/,
    );
  });
  it('names a path of a sweep that leads nowhere', () => {
    expectRefusal(
      ['simulate', '-f', worker, '--load', spike, '--sweep', 'maxReplicas=1,2'],
      /maxReplicas: unknown field/,
    );
    expectRefusal(
      ['simulate', '-f', worker, '--load', spike, '--sweep', 'trigger.queueLengt=1'],
      /did you mean "queueLength"/,
    );
  });
  it('shows how an objective is written', () => {
    expectRefusal(
      ['simulate', '-f', worker, '--load', spike, '--recommend', '--slo', 'fast'],
      /must be written like "p95 age < 30s"/,
    );
    expectRefusal(['simulate', '-f', worker, '--load', spike, '--recommend'], /--recommend needs --slo/);
  });
  it('names the line of a recording that cannot be read', () => {
    expectRefusal(['replay', cli.file('r.jsonl', '{"kind":"sample"}\n')], /r\.jsonl:1: /);
  });
  it('says what a recording needs to be simulated', () => {
    const recording = 'libs/simulation/fixtures/tour.jsonl';
    expectRefusal(['conform', recording], /is a recording: --models FILE says how its workloads work/);
    const models = cli.file('models.yaml', 'sqs-worker:\n  concurency: 10\n');
    expectRefusal(
      ['conform', recording, '--models', models],
      /models\.yaml:2: concurency: unknown field; did you mean "concurrency"/,
    );
    const few = cli.file('few.yaml', 'sqs-worker:\n  concurrency: 10\n');
    expectRefusal(['conform', recording, '--models', few], /few\.yaml: has no model of /);
    expectRefusal(['conform', recording, recording, '--trim', 'x'], /--trim takes one recording, got 2/);
  });
  it('refuses files that hold no recorded runs', () => {
    expectRefusal(['conform', cli.file('none.json', '[{"name":"x"}]')], /none\.json: holds no recorded runs/);
  });
});

describe('scalelab', () => {
  it('explains itself', () => {
    expect(cli.run('--help')).toMatchObject({ code: 0, err: '' });
    expect(cli.run('simulate', '--help').out).toContain('--sweep PATH=A,B,C');
  });

  it('simulates a spike that goes on scaling up without behavior, and says why', () => {
    const json = cli.file('out.json', '');
    const html = cli.file('out.html', '');
    const { code, out } = cli.run('simulate', '-f', spiky, '--load', spike, '--json', json, '--html', html);
    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      '1 -> 4: 200 / 20 per replica = 10; limited by the default cap max(2 x 1, 4) = 4',
    );
    const { replicas, totals } = JSON.parse(readFileSync(json, 'utf8')) as {
      replicas: [number, number][];
      totals: { peakReplicas: number };
    };
    expect(totals.peakReplicas).toBeGreaterThan(4);
    expect(replicas.filter(([t]) => t > 80).length).toBeGreaterThan(0);
    const page = readFileSync(html, 'utf8');
    expect(page).toContain('<svg');
    expect(page).toMatch(/<th scope="col" class="figure">pod-seconds<\/th>/);
    expect(page).not.toContain('Expectations');
    expect(page).not.toMatch(/(?:src|href)="https?:/);
  });

  it('compares two autoscalers under one load and tells where they part', () => {
    const html = cli.file('compare.html', '');
    const { code, out } = cli.run(
      'simulate',
      '--compare',
      worker,
      'examples/lint/good/nil-behavior-slow-start.yaml',
      '--load',
      spike,
      '--html',
      html,
    );
    expect(code).toBe(0);
    const page = readFileSync(html, 'utf8');
    expect(page).toContain('They first part here:');
    expect(page.match(/class="picture wide-plot"/g)).toHaveLength(2);
    expect(out).toContain('They first part here:');
  });

  it('sweeps, marks the front, and recommends the cheapest that holds', () => {
    const model = cli.file('m.yaml', 'serviceSeconds: 1\nconcurrency: 5\n');
    const given = ['simulate', '-f', worker, '--load', 'ramp:0..40/20m', '--model', model];
    const swept = cli.run(...given, '--sweep', 'trigger.threshold=5,50', '--sweep', 'maxReplicaCount=2,20');
    expect(swept.code).toBe(0);
    expect(swept.out).toContain('4 configurations');
    const { code, out } = cli.run(
      ...given,
      '--recommend',
      '--slo',
      'p95 age < 60s',
      '--sweep',
      'maxReplicaCount=2,20',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/Cheapest of 2 that holds p95 age < 60s: maxReplicaCount=20/);
    const none = cli.run(...given, '--recommend', '--slo', 'p95 age < 1s', '--sweep', 'maxReplicaCount=1,2');
    expect(none.code).toBe(1);
    expect(none.out).toContain('None of 2 configurations holds p95 age < 1s');
  });

  it('replays its own recording without a difference, and finds a changed decision', () => {
    const recording = cli.file('run.jsonl', '');
    cli.run('simulate', '-f', spiky, '--load', spike, '--record', recording);
    const { code, out } = cli.run('replay', recording);
    expect(out).toMatch(/^\d+ decisions .*: 0 differ\n$/);
    expect(code).toBe(0);
    const text = readFileSync(recording, 'utf8');
    const changed = text.replace('"specReplicasAfter":4', '"specReplicasAfter":5');
    expect(changed === text).toBe(false);
    const tampered = cli.run('replay', cli.file('changed.jsonl', changed));
    expect(tampered.code).toBe(1);
    expect(tampered.out).toContain(': 1 differ');
    const observed = cli.run(
      'replay',
      cli.file('observed.jsonl', changed.replace('"fidelity":"full"', '"fidelity":"observed"')),
    );
    expect(observed.code).toBe(0);
    expect(observed.out).toContain('inferred are the HPA’s memory');
  });

  it('says what another autoscaler would have done', () => {
    const recording = cli.file('run2.jsonl', '');
    cli.run('simulate', '-f', spiky, '--load', spike, '--record', recording);
    const { code, out } = cli.run(
      'replay',
      recording,
      '--with',
      'examples/lint/good/nil-behavior-slow-start.yaml',
    );
    expect(code).toBe(0);
    expect(out).toContain('instead');
  });

  it('lints: errors exit 1, and SARIF is written', () => {
    const sarif = cli.file('out.sarif', '');
    const { code, out } = cli.run('lint', '-f', 'examples/lint/bad/raw-counter.yaml', '--sarif', sarif);
    expect(code).toBe(1);
    expect(out).toMatch(/raw-counter\.yaml:\d+: error raw-counter/);
    expect(JSON.parse(readFileSync(sarif, 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(cli.run('lint', '-f', 'charts/sqs-worker/rendered/lab.yaml').code).toBe(0);
  });

  it("conforms to a recording of the lab's tour, which trimmed says the same, and fails on one that was changed", () => {
    const recording = 'libs/simulation/fixtures/tour.jsonl';
    const models = ['--models', 'examples/tour/models.yaml'];
    const trimmed = cli.file('trimmed.jsonl', '');
    expect(cli.run('conform', recording, ...models, '--trim', trimmed)).toMatchObject({
      code: 0,
      out: '5 passed, 0 failed\n',
    });
    const text = readFileSync(`${__dirname}/../../../${recording}`, 'utf8');
    expect(readFileSync(trimmed, 'utf8')).toBe(text);
    const changed = cli.file('changed.jsonl', text.replaceAll('"queueLength":"20"', '"queueLength":"50"'));
    const { code, out } = cli.run('conform', changed, ...models);
    expect(code).toBe(1);
    expect(out).toMatch(/changed\.jsonl sqs-worker\/sqs-worker: at [\d.]+ s: .*\n4 passed, 1 failed/);
  });

  it('conforms to the recorded timelines, and fails on one that was changed', () => {
    const file = 'libs/scaling/conformance/timelines/timelines.json';
    expect(cli.run('conform', 'libs/scaling/conformance/timelines')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+ passed, 0 failed\n$/) as string,
    });
    const [first] = JSON.parse(readFileSync(`${__dirname}/../../../${file}`, 'utf8')) as [
      { replicas: [number, number][] },
    ];
    first.replicas.push([400, 17]);
    const { code, out } = cli.run('conform', cli.file('timelines.json', JSON.stringify([first])));
    expect(code).toBe(1);
    expect(out).toMatch(/spike-nil: at \d+ s: .*\n0 passed, 1 failed/);
  });
});
