import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Estate } from './estate';
import { parseMessage } from './message';

/** Takes notes until the pipe from the lab closes, which the system does however the lab ends; then clears what is left of it. */
export async function waitForDeath(pipe: Readable): Promise<void> {
  const estate = new Estate();
  for await (const line of createInterface({ input: pipe })) {
    const message = parseMessage(line);
    if (message) estate.take(message);
  }
  estate.clear();
}
