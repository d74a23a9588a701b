import type { Container } from '@scalelab/manifests';
import { execCommand } from './exec';
import type { Launch } from './launch';
import type { PodContext } from './pod-context';
import type { ProbeContext } from './probe';

/** Lets probes and hooks of a container reach its ports and run commands beside it. */
export function probeContext(
  context: PodContext,
  container: Container,
  launch: () => Launch | undefined,
): ProbeContext {
  const { book } = context.options.network;
  return {
    container,
    podIP: context.place.podIP,
    locate: (host, port) => (book.owns(host) ? book.connectTarget(host, port) : { host, port }),
    exec: async (command, timeoutMs) => {
      const present = launch();
      if (!present) throw new Error('the container is not running');
      const { environment, folder } = present.spec;
      return execCommand({
        words: command.map((word) => present.path(word)),
        environment,
        folder,
        timeoutMs,
      });
    },
  };
}
