// Keep-alive connections that each send the same request again as soon as it is answered. Raw sockets, so that the generator
// takes little of the cores that it shares with what it measures.
import { connect } from 'node:net';

/** @returns answers a second of status 202, and how many had another status. */
export async function postLoad({ port, path, body, connections, ms }) {
  const request = Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  let accepted = 0;
  let refused = 0;
  let stopped = false;
  const startedAt = performance.now();
  const sockets = Array.from({ length: connections }, () => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    let seen = '';
    socket.on('connect', () => socket.write(request));
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1');
      const end = seen.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(seen)?.[1] ?? 0);
      if (seen.length < end + 4 + length) return;
      if (seen.startsWith('HTTP/1.1 202')) accepted += 1;
      else refused += 1;
      seen = '';
      if (!stopped) socket.write(request);
    });
    socket.on('error', () => (refused += 1));
    return socket;
  });
  await new Promise((resolve) => setTimeout(resolve, ms));
  stopped = true;
  const seconds = (performance.now() - startedAt) / 1_000;
  const perSecond = accepted / seconds;
  await new Promise((resolve) => setTimeout(resolve, 200));
  sockets.forEach((socket) => socket.destroy());
  return { perSecond, refused, accepted };
}
