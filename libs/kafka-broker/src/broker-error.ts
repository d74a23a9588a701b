export type BrokerErrorCode = 'BadOption' | 'PortInUse' | 'CannotListen' | 'DataDirInUse' | 'DataDirCorrupt';

/** Why a broker could not start. */
export class BrokerError extends Error {
  constructor(
    readonly code: BrokerErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'BrokerError';
  }
}
