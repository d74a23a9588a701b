import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export const defaultMaxSockets = 128;

/**
 * Connections for one client. The SDK's default of 50 sockets makes deletes and writes queue behind long polls.
 * A socket that is silent for 30 s is given up: longer than SQS's longest poll of 20 s.
 */
export function requestHandler(maxSockets = defaultMaxSockets): NodeHttpHandler {
  const options = { keepAlive: true, maxSockets, scheduling: 'lifo' } as const;
  return new NodeHttpHandler({
    httpAgent: new HttpAgent(options),
    httpsAgent: new HttpsAgent(options),
    connectionTimeout: 3_000,
    socketTimeout: 30_000,
    socketAcquisitionWarningTimeout: 10_000,
  });
}
