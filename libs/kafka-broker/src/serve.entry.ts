import { startBroker, type BrokerOptions, type Logger } from './index';

// The broker as a process of its own, for benches and for tests that kill it: options as one JSON argument, the address as one
// JSON line on standard output, warnings on standard error. Ends on SIGTERM, and when whoever started it is gone.
const options = JSON.parse(process.argv[2] ?? '{}') as BrokerOptions;

const print = (context: object, message: string) =>
  process.stderr.write(`${JSON.stringify({ message, ...context })}\n`);
const quiet = (): void => undefined;
const logger: Logger = { debug: quiet, info: quiet, warn: print, error: print };

startBroker({ ...options, logger }).then(
  (broker) => {
    const stop = () => void broker.close().then(() => process.exit(0));
    process.once('SIGTERM', stop);
    process.stdin.once('end', stop).resume();
    process.stdout.write(`${JSON.stringify({ host: broker.host, port: broker.port })}\n`);
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
