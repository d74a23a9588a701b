import { defineApi } from '../api';
import { from, struct } from '../schema';
import { array, int16, int32, string } from '../types';

export const apiVersions = defineApi({
  name: 'ApiVersions',
  key: 18,
  versions: [0, 3],
  flexibleFrom: 3,
  request: struct({ clientSoftwareName: from(3, string, ''), clientSoftwareVersion: from(3, string, '') }),
  response: struct({
    errorCode: int16,
    apiKeys: array(struct({ apiKey: int16, minVersion: int16, maxVersion: int16 })),
    throttleTimeMs: from(1, int32, 0),
  }),
});
