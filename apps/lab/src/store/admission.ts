import type { KubeObject, ResourceType } from '@scalelab/kube';

export interface AdmissionContext {
  readonly operation: 'CREATE' | 'UPDATE';
  readonly type: ResourceType;
  /** The object as it is; undefined when it is created. */
  readonly old: KubeObject | undefined;
  /** What to do with unknown or doubled fields, as the request asked. Writers in process are strict. */
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
}

/**
 * Looks at every object before it is written through create, update or patch (not at writes of status or scale): returns it as it
 * shall be stored, with defaults or an allocated address, or refuses it by a throw of KubeApiError.
 */
export type Admission = (object: KubeObject, context: AdmissionContext) => KubeObject;
