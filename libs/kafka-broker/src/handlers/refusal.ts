import { ErrorCode, ProtocolError } from '../protocol/error-codes';
import type { BrokerContext } from './context';

export interface Refusal {
  readonly errorCode: ErrorCode;
  readonly errorMessage: string | null;
}

export const accepted: Refusal = { errorCode: ErrorCode.NONE, errorMessage: null };

/** Runs `step` and gives the protocol's code for what it throws; anything unforeseen is logged and answered as a server error. */
export function attempt(context: BrokerContext, step: () => void): Refusal {
  try {
    step();
    return accepted;
  } catch (error) {
    return refusalOf(context, error);
  }
}

export function refusalOf(context: BrokerContext, error: unknown): Refusal {
  if (error instanceof ProtocolError) return { errorCode: error.code, errorMessage: error.message };
  context.logger.error({ err: error }, 'request failed inside the broker');
  const isStorage = error instanceof Error && 'syscall' in error;
  return {
    errorCode: isStorage ? ErrorCode.KAFKA_STORAGE_ERROR : ErrorCode.UNKNOWN_SERVER_ERROR,
    errorMessage: isStorage ? 'the log could not be written' : 'the broker failed; see its log',
  };
}

export const unknownPartition = (topic: string, partition: number): ProtocolError =>
  new ProtocolError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `there is no partition ${topic}-${partition}`);
