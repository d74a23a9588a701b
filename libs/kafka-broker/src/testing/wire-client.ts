import { connect, type Socket } from 'node:net';
import type { Api } from '../protocol/api';
import { ByteReader } from '../protocol/byte-reader';
import { ByteWriter } from '../protocol/byte-writer';
import { skipTaggedFields, writeRequestHeader } from '../protocol/header';
import type { Decoded, Encodable, Type } from '../protocol/schema';
import { FrameAssembler } from '../server/frame-assembler';

const apiVersionsKey = 18;

/**
 * A client that sends exactly the request it is told to, for what real clients hide: a batch sent twice, a commit of an old
 * generation, a wrong CRC. Speaks to any broker.
 */
export class WireClient {
  private readonly waiting = new Map<
    number,
    { resolve: (frame: Buffer) => void; reject: (e: Error) => void }
  >();
  private readonly frames = new FrameAssembler(1_073_741_824);
  private nextId = 1;

  private constructor(
    readonly socket: Socket,
    private readonly clientId: string,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      for (const frame of this.frames.push(chunk)) this.waiting.get(frame.readInt32BE(0))?.resolve(frame);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('the broker closed the connection'));
    });
  }

  /** Connects to `host:port`. */
  static connect(address: string, clientId = 'wire-client'): Promise<WireClient> {
    const at = address.lastIndexOf(':');
    const socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)) });
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new WireClient(socket, clientId));
      });
    });
  }

  /** Sends a request and gives the decoded answer. Rejects when the broker closes the connection instead. */
  async call<Request extends Type<unknown, never>, Response extends Type<unknown, never>>(
    api: Api<Request, Response>,
    version: number,
    request: Encodable<Request>,
  ): Promise<Decoded<Response>> {
    const flexible = version >= api.flexibleFrom;
    const correlationId = this.nextId++;
    const writer = new ByteWriter();
    const header = { apiKey: api.key, apiVersion: version, correlationId, clientId: this.clientId };
    writeRequestHeader(writer, header, flexible);
    api.request.write(writer, request as never, { version, flexible });
    const answer = new Promise<Buffer>((resolve, reject) =>
      this.waiting.set(correlationId, { resolve, reject }),
    );
    this.sendFrame(Buffer.concat(writer.finish()));
    const frame = await answer.finally(() => this.waiting.delete(correlationId));
    const reader = new ByteReader(frame);
    reader.int32();
    if (flexible && api.key !== apiVersionsKey) skipTaggedFields(reader);
    return api.response.read(reader, { version, flexible }) as Decoded<Response>;
  }

  /** Sends any bytes as one frame. */
  sendFrame(body: Buffer): void {
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length);
    this.socket.write(Buffer.concat([length, body]));
  }

  close(): void {
    this.socket.destroy();
  }
}
