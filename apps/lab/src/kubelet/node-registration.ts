import { isAlreadyExists, resources, type KubeClient } from '@scalelab/kube';
import { timestamp } from './timestamp';

export interface NodeFacts {
  readonly name: string;
  readonly address: string;
  readonly cores: number;
  /** What pods may ask for in all: cores and bytes. */
  readonly allocatable: { readonly cpu: number; readonly memory: number };
  readonly nowMs: number;
}

const mostPods = '250';

/** Makes the node in the API, or takes it over, and tells that it is ready. */
export async function registerNode(client: KubeClient, facts: NodeFacts): Promise<void> {
  const { address, allocatable, cores, name } = facts;
  const now = timestamp(facts.nowMs);
  const memory = `${Math.floor(allocatable.memory / 1024)}Ki`;
  const status = {
    capacity: { cpu: String(cores), memory, pods: mostPods },
    allocatable: { cpu: String(allocatable.cpu), memory, pods: mostPods },
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'KubeletReady',
        message: 'kubelet is posting ready status',
        lastHeartbeatTime: now,
        lastTransitionTime: now,
      },
    ],
    nodeInfo: {
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      operatingSystem: process.platform,
      containerRuntimeVersion: `lab://node-${process.versions.node}`,
      kubeletVersion: 'v1.34.0',
    },
  };
  try {
    const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': process.platform };
    await client.create(resources.Node, { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
  await client.patch(resources.Node, undefined, name, { status }, { type: 'merge', subresource: 'status' });
}
