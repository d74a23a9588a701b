import type { AwsClientSettings } from './client-settings';
import type { QueuePort } from './queue-port';

type Connected = QueuePort & { close(): void };

/** SQS, whose SDK is loaded at the first call, so that a service listens before that. `close()` ends its connections. */
export function createQueuePort(settings: AwsClientSettings): QueuePort & { close(): Promise<void> } {
  let loading: Promise<Connected> | undefined;
  const queues = () => (loading ??= import('./sqs').then(({ connectQueues }) => connectQueues(settings)));
  return {
    receive: async (request) => (await queues()).receive(request),
    sendBatch: async (url, entries) => (await queues()).sendBatch(url, entries),
    deleteBatch: async (url, handles) => (await queues()).deleteBatch(url, handles),
    changeVisibilityBatch: async (url, changes) => (await queues()).changeVisibilityBatch(url, changes),
    attributes: async (url) => (await queues()).attributes(url),
    setAttributes: async (url, attributes) => (await queues()).setAttributes(url, attributes),
    find: async (name) => (await queues()).find(name),
    create: async (name, attributes) => (await queues()).create(name, attributes),
    close: async () => (await loading)?.close(),
  };
}
