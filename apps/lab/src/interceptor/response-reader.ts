import { BodyEnd } from './body-end';
import { HeadError, parseResponseHead, type ResponseHead } from './http-head';

const headEnd = Buffer.from('\r\n\r\n');
const longestHead = 64 * 1024;

/** `leftover`: the server has sent more than this response. `upgraded`: from here on it is a plain stream. */
export type ResponseProgress = 'more' | 'done' | 'leftover' | 'upgraded';

/** Follows one response while its bytes pass by: where its head ends, and where it ends itself. */
export class ResponseReader {
  /** The final head, once it is there. */
  head: ResponseHead | undefined;
  private end: BodyEnd | undefined;
  private partial: Buffer | undefined;

  /** @param insert a header line to put into the final head */
  constructor(
    private readonly method: string,
    private readonly insert: (() => Buffer) | undefined,
  ) {}

  /** Something of it has come in. */
  get hasBegun(): boolean {
    return this.head !== undefined || this.partial !== undefined;
  }

  /** It has no length: it ends with the connection. */
  get endsWithConnection(): boolean {
    return this.head?.framing.kind === 'close';
  }

  /**
   * Takes bytes in and passes on what is to be sent to the client.
   * @throws HeadError when it is not HTTP/1
   * @throws RangeError when a chunk's size is not a number
   */
  take(chunk: Buffer, forward: (bytes: Buffer) => void): ResponseProgress {
    if (this.end) return this.takeBody(this.end, chunk, 0, forward);
    let bytes = this.partial === undefined ? chunk : Buffer.concat([this.partial, chunk]);
    this.partial = undefined;
    for (;;) {
      const at = bytes.indexOf(headEnd);
      if (at < 0) {
        if (bytes.length > longestHead)
          throw new HeadError(`the response head is longer than ${longestHead} bytes`);
        if (bytes.length > 0) this.partial = bytes;
        return 'more';
      }
      const bodyFrom = at + headEnd.length;
      const head = parseResponseHead(bytes.toString('latin1', 0, at), this.method);
      if (head.status === 101 || head.status >= 200) this.head = head;
      if (head.status === 101) {
        forward(bytes);
        return 'upgraded';
      }
      if (head.status >= 200) return this.takeFirst(head, bytes, bodyFrom, forward);
      // 100 Continue and its like: passed on, and the real head is still to come.
      forward(bytes.subarray(0, bodyFrom));
      bytes = bytes.subarray(bodyFrom);
    }
  }

  private takeFirst(
    head: ResponseHead,
    bytes: Buffer,
    bodyFrom: number,
    forward: (bytes: Buffer) => void,
  ): ResponseProgress {
    this.end = new BodyEnd(head.framing);
    const line = this.insert?.();
    if (!line) return this.takeBody(this.end, bytes, bodyFrom, forward);
    const lineEnd = bytes.indexOf(0x0a) + 1;
    const whole = Buffer.concat([bytes.subarray(0, lineEnd), line, bytes.subarray(lineEnd)]);
    return this.takeBody(this.end, whole, bodyFrom + line.length, forward);
  }

  private takeBody(
    end: BodyEnd,
    bytes: Buffer,
    from: number,
    forward: (bytes: Buffer) => void,
  ): ResponseProgress {
    const last = end.take(bytes, from);
    forward(last === bytes.length ? bytes : bytes.subarray(0, last));
    if (!end.done) return 'more';
    return last < bytes.length ? 'leftover' : 'done';
  }
}
