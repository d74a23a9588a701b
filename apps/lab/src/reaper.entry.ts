import { waitForDeath } from './reaper/wait-for-death';

// Ctrl-C and a closing terminal are for the lab: the reaper outlives it to clear up behind it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

void waitForDeath(process.stdin).then(() => process.exit(0));
