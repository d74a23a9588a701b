import type { Socket } from 'node:net';
import type { BrokerContext, Call } from '../handlers/context';
import { UnacknowledgedWriteFailed } from '../handlers/produce';
import type { Answer, Route } from '../handlers/route';
import { ByteReader } from '../protocol/byte-reader';
import { ByteWriter } from '../protocol/byte-writer';
import { ErrorCode } from '../protocol/error-codes';
import { readRequestHeader, type RequestHeader, skipTaggedFields } from '../protocol/header';
import { MalformedMessage } from '../protocol/malformed';
import { apiVersions } from '../protocol/messages';
import { FrameAssembler } from './frame-assembler';

/** Requests that may wait behind one that is being answered; beyond it the socket is no longer read. */
const maxWaiting = 64;

/** One client connection. Its requests are answered one at a time, in their order, as Kafka does. */
export class Connection {
  private readonly frames: FrameAssembler;
  private readonly waiting: Buffer[] = [];
  private readonly stops = new Set<() => void>();
  private busy = false;
  private closed = false;

  constructor(
    private readonly socket: Socket,
    private readonly routes: ReadonlyMap<number, Route>,
    private readonly context: BrokerContext,
    maxRequestBytes: number,
  ) {
    this.frames = new FrameAssembler(maxRequestBytes);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('drain', () => this.next());
    // A reset by the client is no news; 'close' follows.
    socket.on('error', (error) => this.context.logger.debug({ err: error }, 'connection error'));
    socket.on('close', () => this.ended());
  }

  destroy(): void {
    this.socket.destroy();
    this.ended();
  }

  private receive(chunk: Buffer): void {
    this.context.counters.bytesIn += chunk.length;
    try {
      for (const frame of this.frames.push(chunk)) this.waiting.push(frame);
    } catch (error) {
      return this.fail(error);
    }
    if (this.waiting.length > maxWaiting) this.socket.pause();
    this.next();
  }

  private next(): void {
    while (!this.busy && !this.closed && !this.socket.writableNeedDrain) {
      const frame = this.waiting.shift();
      if (!frame) break;
      this.serve(frame);
    }
    if (this.waiting.length <= maxWaiting && this.socket.isPaused()) this.socket.resume();
  }

  private serve(frame: Buffer): void {
    try {
      const body = new ByteReader(frame);
      const header = readRequestHeader(body);
      const route = this.routes.get(header.apiKey);
      if (!route) throw new MalformedMessage(`API key ${header.apiKey} is not served`);
      this.context.counters.countRequest(route.api.name);
      const [lowest, highest] = route.api.versions;
      const version = header.apiVersion;
      if (version < lowest || version > highest) return this.refuseVersion(header, route);
      const coding = { version, flexible: version >= route.api.flexibleFrom };
      if (coding.flexible) skipTaggedFields(body);
      const answer = route.answer(body, coding, this.callFor(header), this.context);
      if (!(answer instanceof Promise)) return this.send(header, route, answer);
      this.busy = true;
      answer.then(
        (late) => this.settle(() => this.send(header, route, late)),
        (error: unknown) => this.settle(() => this.fail(error)),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  private settle(step: () => void): void {
    this.busy = false;
    try {
      step();
    } catch (error) {
      this.fail(error);
    }
    this.next();
  }

  /** A client may ask ApiVersions in a version from the future: it is answered in version 0, with the list. */
  private refuseVersion(header: RequestHeader, route: Route): void {
    const { name, key, versions } = route.api;
    if (key !== apiVersions.key) {
      throw new MalformedMessage(
        `${name} version ${header.apiVersion}, served are ${versions[0]} to ${versions[1]}`,
      );
    }
    const apiKeys = [...this.routes.values()].map(({ api }) => ({
      apiKey: api.key,
      minVersion: api.versions[0],
      maxVersion: api.versions[1],
    }));
    const writer = new ByteWriter();
    const response = { errorCode: ErrorCode.UNSUPPORTED_VERSION, apiKeys };
    apiVersions.response.write(writer, response, { version: 0, flexible: false });
    this.send({ ...header, apiVersion: 0 }, route, writer);
  }

  private callFor(header: RequestHeader): Call {
    return {
      version: header.apiVersion,
      clientId: header.clientId ?? '',
      clientHost: `/${plainAddress(this.socket.remoteAddress)}`,
      localAddress: plainAddress(this.socket.localAddress),
      onClose: (stop) => {
        if (this.closed) queueMicrotask(stop);
        else this.stops.add(stop);
        return () => this.stops.delete(stop);
      },
    };
  }

  private send(header: RequestHeader, route: Route, answer: Answer): void {
    if (!answer || this.closed) return;
    // The answer to ApiVersions has the old header in every version, since the client cannot know ours yet.
    const flexible = header.apiVersion >= route.api.flexibleFrom && route.api.key !== apiVersions.key;
    const bodyBytes = answer.length;
    const head = Buffer.allocUnsafe(flexible ? 9 : 8);
    head.writeInt32BE(head.length - 4 + bodyBytes, 0);
    head.writeInt32BE(header.correlationId, 4);
    if (flexible) head[8] = 0;
    this.context.counters.bytesOut += head.length + bodyBytes;
    this.socket.cork();
    this.socket.write(head);
    for (const part of answer.finish()) this.socket.write(part);
    this.socket.uncork();
  }

  /** What cannot be answered by a code ends the connection, with the reason in the log. */
  private fail(error: unknown): void {
    if (this.closed) return;
    const client = `${plainAddress(this.socket.remoteAddress)}:${this.socket.remotePort ?? 0}`;
    if (error instanceof MalformedMessage) {
      this.context.counters.malformed += 1;
      this.context.logger.warn({ client, reason: error.message }, 'connection closed: malformed request');
    } else if (error instanceof UnacknowledgedWriteFailed) {
      this.context.logger.warn(
        { client, reason: error.message },
        'connection closed: write without answer failed',
      );
    } else {
      this.context.logger.error({ client, err: error }, 'connection closed: request failed');
    }
    this.destroy();
  }

  private ended(): void {
    if (this.closed) return;
    this.closed = true;
    this.waiting.length = 0;
    for (const stop of [...this.stops]) stop();
    this.stops.clear();
  }
}

function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/, '');
}
