// A program that knows nothing of the lab: answers with its own name, on the port that it is told or on 80.
import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 80);
createServer((_request, response) => response.end(`${process.env.HOSTNAME}\n`)).listen(port);
process.on('SIGTERM', () => process.exit(0));
