import { connect, type Socket } from 'node:net';
import type { RealAddress } from '../network/address-book';

/** Who uses a connection to a pod at the moment. */
export interface UpstreamUser {
  onConnect(): void;
  onData(chunk: Buffer): void;
  onDrain(): void;
  /** The pod has closed its side in good order. */
  onEnd(): void;
  onError(error: NodeJS.ErrnoException): void;
}

/** A reset on the same machine takes far less, ms. */
const resetTravelMs = 5;

/** A connection to a pod; it passes from request to request. */
export class Upstream {
  restsUntilMs = 0;
  /** It has carried a request before the present one. */
  reused = false;
  private user: UpstreamUser | undefined;
  private onLost: (() => void) | undefined;
  private readonly socket: Socket;
  private readonly timer: NodeJS.Timeout;

  constructor(target: RealAddress, connectTimeoutMs: number, user: UpstreamUser) {
    this.user = user;
    this.socket = connect({ host: target.host, port: target.port, noDelay: true, allowHalfOpen: true });
    this.timer = setTimeout(() => {
      this.socket.destroy(
        Object.assign(new Error(`connect ETIMEDOUT ${target.host}:${target.port}`), { code: 'ETIMEDOUT' }),
      );
    }, connectTimeoutMs);
    this.socket.on('connect', () => {
      clearTimeout(this.timer);
      this.user?.onConnect();
    });
    this.socket.on('data', (chunk: Buffer) => {
      // A server that speaks before it is asked is of no further use.
      if (this.user) this.user.onData(chunk);
      else this.lose();
    });
    this.socket.on('drain', () => this.user?.onDrain());
    this.socket.on('end', () => {
      if (this.user) this.user.onEnd();
      else this.lose();
    });
    this.socket.on('error', (error) => {
      clearTimeout(this.timer);
      if (this.user) this.user.onError(error);
      else this.onLost?.();
    });
  }

  /** Takes over a resting connection. */
  serve(user: UpstreamUser): void {
    this.user = user;
    this.onLost = undefined;
    this.reused = true;
  }

  /** Nobody uses it until `untilMs`. */
  rest(untilMs: number, onLost: () => void): void {
    this.user = undefined;
    this.restsUntilMs = untilMs;
    this.onLost = onLost;
    this.socket.resume();
  }

  /** False = the kernel's buffer is full: wait for onDrain. */
  write(chunk: Buffer): boolean {
    return this.socket.write(chunk);
  }

  end(): void {
    this.socket.end();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  destroy(): void {
    this.user = undefined;
    clearTimeout(this.timer);
    this.socket.destroy();
  }

  /** After the pod's close: whether its system has refused what was written to it. */
  probeReset(decide: (refused: boolean) => void): void {
    this.user = undefined;
    let decided = false;
    const settle = (refused: boolean): void => {
      if (decided) return;
      decided = true;
      clearTimeout(timer);
      decide(refused);
    };
    this.socket.once('error', () => settle(true));
    const timer = setTimeout(() => {
      this.socket.write('\r\n', (error) => settle(error !== undefined && error !== null));
    }, resetTravelMs);
  }

  private lose(): void {
    this.onLost?.();
    this.destroy();
  }
}
