import { defineApi } from '../api';
import { from, struct } from '../schema';
import { array, int16, int32, int64, nullableString, records, string } from '../types';

export const produce = defineApi({
  name: 'Produce',
  key: 0,
  // Versions 0 to 2 carry message formats before record batches. They are offered, and refused by code, because librdkafka takes
  // their absence for a broker without compression.
  versions: [0, 10],
  flexibleFrom: 9,
  request: struct({
    transactionalId: from(3, nullableString, null),
    acks: int16,
    timeoutMs: int32,
    topics: array(struct({ name: string, partitions: array(struct({ index: int32, records })) })),
  }),
  response: struct({
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            index: int32,
            errorCode: int16,
            baseOffset: int64,
            logAppendTimeMs: from(2, int64, -1),
            logStartOffset: from(5, int64, -1),
            recordErrors: from(
              8,
              array(struct({ batchIndex: int32, batchIndexErrorMessage: from(8, nullableString, null) })),
              [],
            ),
            errorMessage: from(8, nullableString, null),
          }),
        ),
      }),
    ),
    throttleTimeMs: from(1, int32, 0),
  }),
});
