import type { Framing } from './http-head';

const lf = 0x0a;

/** Finds where a message's body ends while its bytes pass by. */
export class BodyEnd {
  private left: number;
  /** What a chunked body expects next. */
  private expects: 'size' | 'data' | 'trailer' = 'size';
  private line = '';
  done: boolean;

  constructor(private readonly framing: Framing) {
    this.left = framing.kind === 'length' ? framing.bytes : 0;
    this.done = framing.kind === 'none';
  }

  /**
   * Takes bytes in, beginning at `from`; returns the offset behind the last one that belongs to this message.
   * @throws RangeError when a chunk's size is not a number
   */
  take(bytes: Buffer, from: number): number {
    switch (this.framing.kind) {
      case 'none':
        return from;
      case 'close':
        return bytes.length;
      case 'length': {
        const taken = Math.min(this.left, bytes.length - from);
        this.left -= taken;
        this.done = this.left === 0;
        return from + taken;
      }
      case 'chunked':
        return this.takeChunks(bytes, from);
    }
  }

  private takeChunks(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length && !this.done) {
      if (this.expects === 'data') {
        const taken = Math.min(this.left, bytes.length - at);
        this.left -= taken;
        at += taken;
        if (this.left === 0) this.expects = 'size';
        continue;
      }
      const newline = bytes.indexOf(lf, at);
      const end = newline < 0 ? bytes.length : newline;
      this.line += bytes.toString('latin1', at, end);
      at = end + (newline < 0 ? 0 : 1);
      if (newline >= 0) this.takeLine();
    }
    return at;
  }

  private takeLine(): void {
    const line = this.line.trimEnd();
    this.line = '';
    if (this.expects === 'trailer') {
      this.done = line === '';
      return;
    }
    // RFC 9112, 7.1: hexadecimal size, then perhaps extensions.
    const size = /^[0-9a-f]+/i.exec(line)?.[0];
    if (size === undefined || size.length > 12)
      throw new RangeError(
        `a chunk size must be a hexadecimal number, got ${JSON.stringify(line.slice(0, 40))}`,
      );
    // The chunk's own line end counts with its data.
    this.left = parseInt(size, 16) + 2;
    this.expects = this.left === 2 ? 'trailer' : 'data';
  }
}
