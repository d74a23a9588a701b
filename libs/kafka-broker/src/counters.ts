/** What the broker counts since its start. */
export class Counters {
  connectionsTotal = 0;
  connectionsRefused = 0;
  malformed = 0;
  bytesIn = 0;
  bytesOut = 0;
  messagesIn = 0;
  duplicateBatches = 0;
  readonly requests = new Map<string, number>();

  countRequest(api: string): void {
    this.requests.set(api, (this.requests.get(api) ?? 0) + 1);
  }
}
