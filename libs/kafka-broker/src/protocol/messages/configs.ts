import { defineApi } from '../api';
import { from, struct } from '../schema';
import { array, bool, int16, int32, int8, nullableArray, nullableString, string } from '../types';

export const describeConfigs = defineApi({
  name: 'DescribeConfigs',
  key: 32,
  versions: [1, 4],
  flexibleFrom: 4,
  request: struct({
    resources: array(
      struct({ resourceType: int8, resourceName: string, configurationKeys: nullableArray(string) }),
    ),
    includeSynonyms: from(1, bool, false),
    includeDocumentation: from(3, bool, false),
  }),
  response: struct({
    throttleTimeMs: from(0, int32, 0),
    results: array(
      struct({
        errorCode: int16,
        errorMessage: nullableString,
        resourceType: int8,
        resourceName: string,
        configs: array(
          struct({
            name: string,
            value: nullableString,
            readOnly: bool,
            configSource: from(1, int8, -1),
            isSensitive: bool,
            synonyms: from(1, array(struct({ name: string, value: nullableString, source: int8 })), []),
            configType: from(3, int8, 0),
            documentation: from(3, nullableString, null),
          }),
        ),
      }),
    ),
  }),
});

const alterResponse = struct({
  throttleTimeMs: from(0, int32, 0),
  responses: array(
    struct({ errorCode: int16, errorMessage: nullableString, resourceType: int8, resourceName: string }),
  ),
});

export const alterConfigs = defineApi({
  name: 'AlterConfigs',
  key: 33,
  versions: [0, 2],
  flexibleFrom: 2,
  request: struct({
    resources: array(
      struct({
        resourceType: int8,
        resourceName: string,
        configs: array(struct({ name: string, value: nullableString })),
      }),
    ),
    validateOnly: bool,
  }),
  response: alterResponse,
});

export const incrementalAlterConfigs = defineApi({
  name: 'IncrementalAlterConfigs',
  key: 44,
  versions: [0, 1],
  flexibleFrom: 1,
  request: struct({
    resources: array(
      struct({
        resourceType: int8,
        resourceName: string,
        // Operations: 0 set, 1 delete, 2 append, 3 subtract.
        configs: array(struct({ name: string, configOperation: int8, value: nullableString })),
      }),
    ),
    validateOnly: bool,
  }),
  response: alterResponse,
});
