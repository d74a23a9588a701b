// Takes memory and keeps it.
import { setInterval } from 'node:timers';

const kept = [];
setInterval(() => kept.push(Buffer.alloc(8 * 1_048_576, 1)), 10);
