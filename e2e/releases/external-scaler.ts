import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';

export interface ExternalMetric {
  readonly metric: string;
  /** Value that one replica is good for. */
  readonly target: number;
  readonly value: number;
}

const tag = (field: number, type: number): Buffer => varint((field << 3) | type);
const text = (field: number, value: string): Buffer =>
  Buffer.concat([tag(field, 2), varint(Buffer.byteLength(value)), Buffer.from(value)]);
const whole = (field: number, value: number): Buffer => Buffer.concat([tag(field, 0), varint(value)]);
const message = (field: number, body: Buffer): Buffer =>
  Buffer.concat([tag(field, 2), varint(body.length), body]);

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** `externalscaler.ExternalScaler` of KEDA over gRPC, in place of the HTTP add-on's scaler: one metric, the same for every ScaledObject. */
export class ExternalScaler {
  private readonly sessions = new Set<ServerHttp2Session>();

  private constructor(
    private readonly server: Http2Server,
    metric: ExternalMetric,
  ) {
    const answers: Readonly<Record<string, Buffer>> = {
      IsActive: whole(1, metric.value > 0 ? 1 : 0),
      GetMetricSpec: message(1, Buffer.concat([text(1, metric.metric), whole(2, metric.target)])),
      GetMetrics: message(1, Buffer.concat([text(1, metric.metric), whole(2, metric.value)])),
    };
    server.on('session', (session) => {
      this.sessions.add(session);
      session.on('close', () => this.sessions.delete(session));
    });
    server.on('stream', (stream, headers) => {
      const method = String(headers[':path']).split('/').at(-1) ?? '';
      stream.on('error', () => stream.destroy());
      stream.resume();
      // A stream of changes: there is none as long as the value stays.
      if (method === 'StreamIsActive') return begin(stream);
      stream.on('end', () => answer(stream, answers[method]));
    });
  }

  static async listen(metric: ExternalMetric): Promise<ExternalScaler> {
    const server = createServer();
    const scaler = new ExternalScaler(server, metric);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return scaler;
  }

  /** host:port */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const session of this.sessions) session.destroy();
    await new Promise((closed) => this.server.close(closed));
  }
}

function begin(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
}

function answer(stream: ServerHttp2Stream, body: Buffer | undefined): void {
  if (stream.destroyed) return;
  begin(stream);
  const unimplemented = '12';
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': body ? '0' : unimplemented }));
  if (!body) return void stream.end();
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  stream.end(Buffer.concat([head, body]));
}
