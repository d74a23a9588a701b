import { get as httpGet, type ClientRequest } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';
import type { Container, IntOrString, LifecycleHandler } from '@scalelab/manifests';
import type { RealAddress } from '../network';
import { checkGrpc } from './grpc-health';

export interface ProbeResult {
  readonly ok: boolean;
  /** In the kubelet's words; empty when ok. */
  readonly message: string;
}

export interface ProbeContext {
  readonly container: Container;
  readonly podIP: string;
  /** Where a port of the pod really listens; undefined = nowhere. */
  locate(host: string, port: number): RealAddress | undefined;
  /** Runs a command in the container; resolves to its exit code and output. */
  exec(command: readonly string[], timeoutMs: number): Promise<{ exitCode: number; output: string }>;
}

/** What probes and lifecycle hooks may do. */
export type ProbeAction = Pick<LifecycleHandler, 'exec' | 'httpGet' | 'tcpSocket'> & {
  readonly grpc?: { readonly port: number; readonly service?: string };
};

const ok: ProbeResult = { ok: true, message: '' };

/** Tries once; never throws. */
export async function tryProbe(
  action: ProbeAction,
  context: ProbeContext,
  timeoutMs: number,
): Promise<ProbeResult> {
  try {
    if (action.httpGet) return await tryHttp(action.httpGet, context, timeoutMs);
    if (action.tcpSocket) return await tryTcp(action.tcpSocket, context, timeoutMs);
    if (action.grpc) return await tryGrpc(action.grpc, context, timeoutMs);
    if (action.exec) {
      const { exitCode, output } = await context.exec(action.exec.command ?? [], timeoutMs);
      return exitCode === 0 ? ok : { ok: false, message: output.trim() };
    }
    return { ok: false, message: 'the probe has no action; allowed: httpGet, tcpSocket, grpc, exec' };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The number of a container's port given by number or name.
 * @throws Error when the container has no such port
 */
export function portNumber(port: IntOrString, container: Container): number {
  const number = typeof port === 'number' || /^\d+$/.test(port) ? Number(port) : undefined;
  const found = number ?? container.ports?.find(({ name }) => name === port)?.containerPort;
  if (found === undefined) throw new Error(`container ${container.name} has no port named "${port}"`);
  return found;
}

async function tryHttp(
  action: NonNullable<ProbeAction['httpGet']>,
  context: ProbeContext,
  timeoutMs: number,
): Promise<ProbeResult> {
  const host = action.host ?? context.podIP;
  const port = portNumber(action.port, context.container);
  const path = action.path?.startsWith('/') ? action.path : `/${action.path ?? ''}`;
  const tls = action.scheme?.toUpperCase() === 'HTTPS';
  const url = `${tls ? 'https' : 'http'}://${host}:${port}${path}`;
  const headers: Record<string, string> = {
    host: `${host}:${port}`,
    'user-agent': 'kube-probe/1.34',
    accept: '*/*',
    connection: 'close',
  };
  for (const { name, value } of action.httpHeaders ?? []) headers[name.toLowerCase()] = value;
  const real = context.locate(host, port);
  if (!real)
    return { ok: false, message: `Get "${url}": dial tcp ${host}:${port}: connect: connection refused` };
  const options = { ...real, path, headers, agent: false as const, rejectUnauthorized: false };
  const answer = await answerOf(
    (done) => (tls ? httpsGet(options, done) : httpGet(options, done)),
    timeoutMs,
  );
  if (typeof answer === 'string') {
    const why =
      answer === 'timeout' ? 'context deadline exceeded' : `dial tcp ${host}:${port}: connect: ${answer}`;
    return { ok: false, message: `Get "${url}": ${why}` };
  }
  return answer >= 200 && answer < 400
    ? ok
    : { ok: false, message: `HTTP probe failed with statuscode: ${answer}` };
}

/** The status, or why there was none. */
function answerOf(
  send: (done: (response: { statusCode?: number | undefined; resume(): unknown }) => void) => ClientRequest,
  timeoutMs: number,
): Promise<number | string> {
  return new Promise((resolve) => {
    const request = send((response) => {
      response.resume();
      clearTimeout(timer);
      resolve(response.statusCode ?? 0);
    });
    const timer = setTimeout(() => {
      resolve('timeout');
      request.destroy();
    }, timeoutMs);
    request.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(error.code === 'ECONNREFUSED' ? 'connection refused' : error.message);
    });
  });
}

async function tryTcp(
  action: NonNullable<ProbeAction['tcpSocket']>,
  context: ProbeContext,
  timeoutMs: number,
): Promise<ProbeResult> {
  const host = action.host ?? context.podIP;
  const port = portNumber(action.port, context.container);
  const real = context.locate(host, port);
  const refused = { ok: false, message: `dial tcp ${host}:${port}: connect: connection refused` };
  if (!real) return refused;
  return new Promise((resolve) => {
    const socket = connect(real);
    const end = (result: ProbeResult): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(
      () => end({ ok: false, message: `dial tcp ${host}:${port}: i/o timeout` }),
      timeoutMs,
    );
    socket.once('connect', () => end(ok));
    socket.once('error', () => end(refused));
  });
}

async function tryGrpc(
  action: { readonly port: number; readonly service?: string },
  context: ProbeContext,
  timeoutMs: number,
): Promise<ProbeResult> {
  const real = context.locate(context.podIP, action.port);
  if (!real)
    return { ok: false, message: `timeout: failed to connect service "${context.podIP}:${action.port}"` };
  const problem = await checkGrpc(real, action.service ?? '', timeoutMs);
  return problem === undefined ? ok : { ok: false, message: problem };
}
