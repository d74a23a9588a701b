// Made by update-schemas.mjs from the OpenAPI document of Kubernetes 1.34.4; do not edit.
import type { ObjectReference } from './core';
import type { ObjectMeta } from './meta';

export type Endpoint = {
  readonly addresses: readonly string[];
  readonly conditions?: EndpointConditions;
  readonly deprecatedTopology?: Readonly<Record<string, string>>;
  readonly hints?: EndpointHints;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly targetRef?: ObjectReference;
  readonly zone?: string;
};

export type EndpointConditions = {
  readonly ready?: boolean;
  readonly serving?: boolean;
  readonly terminating?: boolean;
};

export type EndpointHints = {
  readonly forNodes?: readonly ForNode[];
  readonly forZones?: readonly ForZone[];
};

export type EndpointPort = {
  readonly appProtocol?: string;
  readonly name?: string;
  readonly port?: number;
  readonly protocol?: string;
};

export type EndpointSlice = {
  readonly addressType: string;
  readonly apiVersion: 'discovery.k8s.io/v1';
  readonly endpoints: readonly Endpoint[];
  readonly kind: 'EndpointSlice';
  readonly metadata: ObjectMeta;
  readonly ports?: readonly EndpointPort[];
};

export type ForNode = {
  readonly name: string;
};

export type ForZone = {
  readonly name: string;
};
