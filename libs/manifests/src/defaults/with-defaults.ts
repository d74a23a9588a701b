import type { Fields } from '../fields';
import { isFields } from '../fields';
import { kindOf, resolve, schemaOf, type Schema } from '../schema';
import type { ManifestObject } from '../types/meta';
import { daemonSetDefaults, deploymentDefaults, replicaSetDefaults, statefulSetDefaults } from './apps';
import { horizontalPodAutoscalerDefaults } from './autoscaling';
import { cronJobDefaults, jobDefaults } from './batch';
import {
  endpointsDefaults,
  endpointSliceDefaults,
  namespaceDefaults,
  persistentVolumeClaimDefaults,
  persistentVolumeDefaults,
  secretDefaults,
  serviceDefaults,
} from './core';
import { copyOf, draftOf, type Draft } from './draft';
import { podDefaults } from './pod';

const builtIn: Readonly<Record<string, (object: Draft) => void>> = {
  'apps/v1/DaemonSet': daemonSetDefaults,
  'apps/v1/Deployment': deploymentDefaults,
  'apps/v1/ReplicaSet': replicaSetDefaults,
  'apps/v1/StatefulSet': statefulSetDefaults,
  'autoscaling/v2/HorizontalPodAutoscaler': horizontalPodAutoscalerDefaults,
  'batch/v1/CronJob': cronJobDefaults,
  'batch/v1/Job': jobDefaults,
  'discovery.k8s.io/v1/EndpointSlice': endpointSliceDefaults,
  'v1/Endpoints': endpointsDefaults,
  'v1/Namespace': namespaceDefaults,
  'v1/PersistentVolume': persistentVolumeDefaults,
  'v1/PersistentVolumeClaim': persistentVolumeClaimDefaults,
  'v1/Pod': podDefaults,
  'v1/Secret': secretDefaults,
  'v1/Service': serviceDefaults,
};

/** The `default`s of a CRD's schema, as structural defaulting applies them: a missing parent map is not made. */
function schemaDefaults(value: unknown, schema: Schema): void {
  if (schema.$ref) return;
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items) value.forEach((item) => schemaDefaults(item, items));
    return;
  }
  if (!isFields(value)) return;
  const draft: Draft = value;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (draft[key] === undefined && property.default !== undefined) draft[key] = copyOf(property.default);
    schemaDefaults(draft[key], property);
  }
  const { additionalProperties } = schema;
  if (additionalProperties)
    Object.values(draft).forEach((child) => schemaDefaults(child, additionalProperties));
}

/**
 * A copy of the object with the fields that the API server fills in when it stores one (Kubernetes 1.34; for kinds that the lab
 * runs). Kinds without defaults come back as a copy. What the server allocates (names, addresses, uids) is not here.
 */
export function withDefaults<T extends ManifestObject | Fields>(object: T): T;
export function withDefaults(object: Fields): Fields {
  const draft = draftOf(object);
  const apiVersion = String(object.apiVersion);
  builtIn[`${apiVersion}/${String(object.kind)}`]?.(draft);
  const kind = kindOf(apiVersion, String(object.kind));
  if (kind?.group.includes('.') && !kind.group.endsWith('.k8s.io'))
    schemaDefaults(draft, resolve(schemaOf(kind)));
  return draft;
}
