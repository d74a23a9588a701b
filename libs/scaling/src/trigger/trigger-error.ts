import { type TriggerErrorCode } from './trigger';

/** Metadata that are refused, or an answer that is not a value. `code` says which. */
export class TriggerError extends Error {
  override readonly name = 'TriggerError';

  constructor(
    readonly code: TriggerErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
