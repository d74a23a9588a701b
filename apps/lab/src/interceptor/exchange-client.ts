import type { Exchange } from './exchange';

/** The client's side of an exchange. */
export interface ExchangeClient {
  /** False = full: wait for `clientDrained`. */
  write(bytes: Buffer): boolean;
  pause(): void;
  resume(): void;
  /** The answer is complete. */
  finished(exchange: Exchange, keepAlive: boolean): void;
  /** No answer from a pod: answer with a problem. */
  refuse(status: number, detail: string, method?: string): void;
  /** An answer was cut off in the middle. */
  abort(): void;
  /** The request has become a plain stream in both directions. */
  tunnelled(): void;
  endWrite(): void;
}
