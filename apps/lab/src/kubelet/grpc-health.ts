import { connect } from 'node:http2';
import type { RealAddress } from '../network';

const serving = 1;

/** Asks `grpc.health.v1.Health/Check`; resolves to undefined when the service is serving, else to the reason. */
export function checkGrpc(
  address: RealAddress,
  service: string,
  timeoutMs: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const session = connect(`http://${address.host}:${address.port}`);
    const end = (problem: string | undefined): void => {
      clearTimeout(timer);
      session.destroy();
      resolve(problem);
    };
    const timer = setTimeout(() => end('timeout: health rpc did not complete in time'), timeoutMs);
    session.once('error', (error) => end(`failed to connect: ${error.message}`));
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const chunks: Buffer[] = [];
    let status = '0';
    const noteStatus = (headers: Record<string, unknown>): void => {
      if (headers['grpc-status'] !== undefined) status = String(headers['grpc-status']);
    };
    stream.on('response', noteStatus);
    stream.on('trailers', noteStatus);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('error', (error) => end(`health rpc failed: ${error.message}`));
    stream.once('end', () => {
      if (status !== '0') return end(`health rpc failed with grpc status ${status}`);
      // Five bytes of frame head, then field 1 as a varint: the serving status.
      const message = Buffer.concat(chunks).subarray(5);
      end(
        message[0] === 0x08 && message[1] === serving
          ? undefined
          : `service unhealthy (responded with status ${message[1] ?? 0})`,
      );
    });
    stream.end(requestFrame(service));
  });
}

function requestFrame(service: string): Buffer {
  const name = Buffer.from(service);
  const message =
    name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
