import type { ConsumerObserver, DeliveryOutcome } from '@scalelab/aws';
import type { Logger } from '@scalelab/logging';
import type { PlainCounter, QueueWorkMetrics } from '@scalelab/metrics';

export interface ObserverDeps {
  readonly logger: Logger;
  readonly work: QueueWorkMetrics;
  readonly extended: PlainCounter;
  readonly now: () => number;
}

/** Outcomes of a delivery as the metric names them. `duplicate` is counted by the handler, which alone knows. */
export const outcomes = ['ok', 'duplicate', 'failed', 'timeout', 'lost', 'rejected', 'released'] as const;

const levels: Partial<Record<DeliveryOutcome, 'warn'>> = { timeout: 'warn', lost: 'warn' };

/** Turns what the consumer tells into metrics and log lines. */
export function createConsumerObserver({ logger, work, extended, now }: ObserverDeps): ConsumerObserver {
  return {
    onReceived(messages) {
      const oldest = messages.reduce((sentAt, message) => Math.min(sentAt, message.sentAtMs), Infinity);
      work.backlogAgeSeconds.set(oldest === Infinity ? 0 : Math.max(0, (now() - oldest) / 1_000));
      const again = messages.filter(({ receiveCount }) => receiveCount > 1).length;
      if (again > 0) work.redelivered.inc(again);
    },
    onStarted: () => work.inFlight.inc(),
    onSettled(message, outcome, handledMs) {
      if (outcome === 'released') return work.processed.inc('released');
      work.inFlight.dec();
      work.processingSeconds.observe(handledMs / 1_000);
      if (outcome !== 'done') work.processed.inc(outcome);
      const { id, receiveCount } = message;
      logger[levels[outcome] ?? 'debug'](
        { id, receiveCount, outcome, handledMs: Math.round(handledMs) },
        'delivery settled',
      );
    },
    onDeadLettered(message, reason) {
      work.deadLettered.inc();
      const { id, receiveCount } = message;
      logger.warn({ id, receiveCount, code: reason.code, reason: reason.message }, 'dead-lettered');
    },
    onExtended: (messages) => extended.inc(messages),
    onError(error) {
      const level = error.code === 'HandlerFailed' ? 'info' : 'warn';
      logger[level]({ err: error, ...error.context }, error.message);
    },
  };
}
