import { execFile, execFileSync } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { strictErrors } from './strict-errors';

interface TestPod {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly command: readonly string[] }[] };
}

const cases = [
  { chart: 'http-demo', args: [] },
  { chart: 'http-demo', args: ['--values', 'charts/http-demo/profiles/zero.yaml'] },
  { chart: 'sqs-worker', args: [] },
  { chart: 'health-check', args: [] },
  {
    chart: 'health-check',
    args: [
      'kind=ScaledJob',
      'autoscaling.mode=keda',
      'autoscaling.minReplicas=0',
      'autoscaling.triggers.cron.enabled=true',
    ].flatMap((pair) => ['--set', pair]),
  },
];

const answer = JSON.parse(
  execFileSync(process.execPath, [join(__dirname, 'template-all.mjs')], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  }),
) as readonly { readonly output: string }[] | { readonly skipped: string };
if ('skipped' in answer) process.stdout.write(`skipped: ${answer.skipped}\n`);
const outputs = 'skipped' in answer ? [] : answer.map(({ output }) => output);

function pods(at: number): Map<string, TestPod> {
  const objects = parseAllDocuments(outputs[at] ?? '').map((document) => document.toJS() as TestPod | null);
  return new Map(
    objects
      .filter((object) => object?.metadata.annotations?.['helm.sh/hook'] === 'test')
      .map((pod) => [pod?.metadata.name ?? '', pod as TestPod]),
  );
}

/** The pod's own command on this machine, against a server in place of the Service. */
async function runPod(pod: TestPod | undefined, handle: RequestListener): Promise<{ code: number; log: string }> {
  if (!pod) throw new Error('no such test pod');
  const server = createServer(handle).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  const [node, flag, script, url, host, expected] = pod.spec.containers[0]?.command ?? [];
  expect([node, flag]).toEqual(['node', '-e']);
  const local = `http://127.0.0.1:${port}${new URL(url ?? '').pathname}`;
  try {
    return await new Promise((done) => {
      execFile(
        process.execPath,
        ['-e', script ?? '', local, host ?? '', expected ?? ''],
        (error, stdout) => done({ code: error === null ? 0 : Number(error.code), log: stdout }),
      );
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const known: RequestListener = (request, response) =>
  response.writeHead(request.url === '/readyz' ? 200 : 404).end();

(outputs.length === 0 ? describe.skip : describe)('pods of `helm test`', () => {
  jest.setTimeout(30_000);

  it('are valid, for each component that has a replica', () => {
    expect([...pods(0).keys()].sort()).toEqual(['http-demo-test-answers', 'http-demo-test-harness-can-fail']);
    expect([...pods(2).keys()].sort()).toEqual([
      'sqs-worker-api-test-answers',
      'sqs-worker-api-test-harness-can-fail',
      // The worker may be at zero: there is nobody to ask.
      'sqs-worker-test-harness-can-fail',
    ]);
    for (const output of outputs) expect(strictErrors(output, 'helm template')).toEqual([]);
  });

  it.each([
    ['a CronJob', 3],
    ['a ScaledJob', 4],
  ])('run the job of %s once on a volume of its own, so that its log keeps what it has', (_, at) => {
    const pod = pods(at).get('health-check-test-runs');
    expect(pod?.spec).toMatchObject({
      restartPolicy: 'Never',
      activeDeadlineSeconds: 60,
      volumes: [{ name: 'log', emptyDir: {} }],
      containers: [{ name: 'health-check', volumeMounts: [{ name: 'log', mountPath: '/var/log' }] }],
    });
    expect(outputs[at]).toContain('claimName: health-check-log');
  });

  it('pass when the service answers', async () => {
    const { code, log } = await runPod(pods(0).get('http-demo-test-answers'), known);
    expect(log).toMatch(/^passed: .*\/readyz answered 200, expected 200\n$/);
    expect(code).toBe(0);
  });

  it('wait for a service that is not ready yet', async () => {
    let asked = 0;
    const { code } = await runPod(pods(0).get('http-demo-test-answers'), (_, response) => {
      asked += 1;
      response.writeHead(asked < 2 ? 503 : 200).end();
    });
    expect([code, asked]).toEqual([0, 2]);
  });

  it('can fail: a path that does not exist is told from one that does', async () => {
    const pod = pods(0).get('http-demo-test-harness-can-fail');
    expect((await runPod(pod, known)).code).toBe(0);
    const fooled = await runPod(pod, (_, response) => response.writeHead(200).end());
    expect(fooled.log).toMatch(/^FAILED: .* answered 200, expected failure\n$/);
    expect(fooled.code).toBe(1);
  });

  it("wake a service at zero through the HTTP add-on's proxy", async () => {
    const pod = pods(1).get('http-demo-test-answers');
    expect(pod?.spec.containers[0]?.command[3]).toBe('http://keda-add-ons-http-interceptor-proxy.keda:8080/');
    let host: string | undefined;
    const { code } = await runPod(pod, (request, response) => {
      host = request.headers.host;
      response.writeHead(200).end();
    });
    expect([code, host]).toEqual([0, 'http-demo.http-demo']);
  });
});
