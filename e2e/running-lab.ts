import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import {
  connectionFromKubeconfig,
  kubeClientFromKubeconfig,
  resources,
  type HttpKubeClient,
  type KubeObject,
} from '@scalelab/kube';

export const root = join(__dirname, '..');
export const nodeEnvironment = { NODE_COMPILE_CACHE: join(root, '.cache', 'compile') };

export interface LabSetup {
  /** Files in `e2e/manifests`, the only workloads of the lab. */
  readonly manifests: readonly string[];
  /** Image name -> command line. */
  readonly images?: Readonly<Record<string, string>>;
  /** Runs the lab as this user and group. Default: the user of the test. */
  readonly user?: number;
}

export interface LabEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const running = new Set<RunningLab>();

/** A lab of a test file's own, as a process, used through its API alone. Stopped after the file at the latest. */
export class RunningLab {
  readonly client: HttpKubeClient;
  readonly ended: Promise<LabEnd>;

  private constructor(
    private readonly child: ChildProcess,
    readonly runDir: string,
    private readonly kubeconfig: string,
    private readonly stderr: readonly string[],
  ) {
    this.client = kubeClientFromKubeconfig(kubeconfig);
    this.ended = endOf(child);
    running.add(this);
  }

  /** Resolves once the API answers and the manifests are applied; pods come up after that. */
  static async start({ manifests, images = {}, user }: LabSetup): Promise<RunningLab> {
    const runDir = mkdtempSync(join(tmpdir(), 'scalelab-e2e-'));
    if (user !== undefined) chownSync(runDir, user, user);
    const args = [
      ...['--no-defaults', '--control-fd', '3', '--run-dir', runDir],
      ...manifests.flatMap((file) => ['--manifests', join(__dirname, 'manifests', file)]),
      ...Object.entries(images).flatMap(([name, command]) => ['--image', `${name}=${command}`]),
    ];
    const child = spawn(process.execPath, [labBundle(), ...args], {
      cwd: __dirname,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...nodeEnvironment },
      ...(user === undefined ? {} : { uid: user, gid: user }),
    });
    const stderr: string[] = [];
    createInterface({ input: child.stderr as Readable }).on('line', (line) => stderr.push(line));
    const ready = Promise.withResolvers<string>();
    const control = child.stdio[3] as Readable;
    control.on('error', () => undefined);
    createInterface({ input: control }).on('line', (line) =>
      ready.resolve((JSON.parse(line) as { kubeconfig: string }).kubeconfig),
    );
    child.once('error', ready.reject);
    child.once('close', (code) =>
      ready.reject(new Error(`the lab ended by exit ${code}: ${stderr.join('\n')}`)),
    );
    try {
      return new RunningLab(child, runDir, await ready.promise, stderr);
    } catch (error) {
      rmSync(runDir, { recursive: true, force: true });
      throw error;
    }
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** What the lab said on standard error. */
  get complaints(): string {
    return this.stderr.join('\n');
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends the control pipe, as the death of whoever started the lab would. */
  abandon(): void {
    (this.child.stdio[3] as Readable).destroy();
  }

  async stop(): Promise<LabEnd> {
    running.delete(this);
    this.client.close();
    if (this.child.exitCode === null && this.child.signalCode === null) this.kill('SIGTERM');
    const timer = setTimeout(() => this.kill('SIGKILL'), 15_000);
    const end = await this.ended;
    clearTimeout(timer);
    rmSync(this.runDir, { recursive: true, force: true });
    return end;
  }

  async pods(namespace: string, app: string): Promise<KubeObject[]> {
    const { items } = await this.client.list(resources.Pod, { namespace, labelSelector: `app=${app}` });
    return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  /** Ready replicas of a Deployment. */
  async ready(namespace: string, name: string): Promise<number> {
    const { status } = await this.client.get<KubeObject & { status?: { readyReplicas?: number } }>(
      resources.Deployment,
      namespace,
      name,
    );
    return status?.readyReplicas ?? 0;
  }

  /** Where this machine reaches a port of a Service, from the lab's address book; throws as long as nobody listens there. */
  async url(namespace: string, service: string, port: number): Promise<string> {
    const { spec } = await this.client.get<KubeObject & { spec: { clusterIP: string } }>(
      resources.Service,
      namespace,
      service,
    );
    const [host, real] = readlinkSync(
      join(this.runDir, 'net', 'addresses', spec.clusterIP, String(port)),
    ).split(':');
    return `http://${host}:${real}`;
  }

  /** A container's output, as `kubectl logs` gives it. */
  async log(namespace: string, pod: string, { previous = false } = {}): Promise<string> {
    const { requestOptions, server } = connectionFromKubeconfig(this.kubeconfig);
    const url = new URL(`/api/v1/namespaces/${namespace}/pods/${pod}/log?previous=${previous}`, server);
    const outgoing = request(url, await requestOptions());
    outgoing.end();
    const [response] = (await once(outgoing, 'response')) as [Readable & { statusCode: number }];
    const body = await text(response);
    if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${body}`);
    return body;
  }
}

/** The lab's bundle, which `npm test` builds first. */
export function labBundle(): string {
  const file = join(root, 'apps', 'lab', 'dist', 'main.cjs');
  if (!existsSync(file)) throw new Error(`${file} is missing: npm run build`);
  return file;
}

function endOf(child: ChildProcess): Promise<LabEnd> {
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
}

afterAll(async () => {
  await Promise.all([...running].map((lab) => lab.stop()));
}, 30_000);
