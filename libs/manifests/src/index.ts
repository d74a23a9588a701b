export type * from './types/apps';
export type * from './types/autoscaling';
export type * from './types/batch';
export type * from './types/coordination';
export type * from './types/core';
export type {
  Endpoint,
  EndpointConditions,
  EndpointHints,
  EndpointPort as EndpointSlicePort,
  EndpointSlice,
} from './types/discovery';
export type * from './types/http-add-on';
export type * from './types/keda';
export type * from './types/meta';
export type * from './types/monitoring';
export type * from './types/policy';
export type * from './types/scale';
export { apiVersionOf, definition, kindOf, kinds, resolve, schemaOf, schemaVersions } from './schema';
export type { ResourceKind, Schema } from './schema';
export { knownTriggers } from './schema';
export { durationSeconds } from './duration';
export { describe, formatManifestError, formatPath } from './issue';
export type { FieldPath, Issue, IssueCode, ManifestError } from './issue';
export { formatSelector, parseSelector, selectorOf, selectorOfLabels, selects } from './label-selector';
export type { Requirement, Selector, SelectorOperator } from './label-selector';
export { loadManifests } from './load';
export type { LoadedManifest, LoadedManifests } from './load';
export { nearest } from './nearest';
export { cronScheduleProblem } from './rules/cron-schedule';
export { validateObject } from './validate';
export { withDefaults } from './defaults/with-defaults';
