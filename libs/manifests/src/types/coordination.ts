// Made by update-schemas.mjs from the OpenAPI document of Kubernetes 1.34.4; do not edit.
import type { ObjectMeta, Time } from './meta';

export type Lease = {
  readonly apiVersion: 'coordination.k8s.io/v1';
  readonly kind: 'Lease';
  readonly metadata: ObjectMeta;
  readonly spec?: LeaseSpec;
};

export type LeaseSpec = {
  readonly acquireTime?: Time;
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly leaseTransitions?: number;
  readonly preferredHolder?: string;
  readonly renewTime?: Time;
  readonly strategy?: string;
};
