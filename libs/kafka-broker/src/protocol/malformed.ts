/** Bytes that are not the protocol: the connection they came on cannot be read any further. */
export class MalformedMessage extends Error {
  readonly code = 'MalformedMessage';

  constructor(reason: string) {
    super(reason);
    this.name = 'MalformedMessage';
  }
}
