/** The part of kafkajs' inner request queue that `idle-request-queue.ts` needs. */
declare module 'kafkajs/src/network/requestQueue' {
  class RequestQueue {
    constructor(options: object);
    readonly pending: readonly unknown[];
    readonly throttleCheckTimeoutId: unknown;
    push(request: object): void;
    fulfillRequest(response: { correlationId: number; payload: Buffer; size: number }): void;
    scheduleCheckPendingRequests(): void;
  }
  export default RequestQueue;
}
