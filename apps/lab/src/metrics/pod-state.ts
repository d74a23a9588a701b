import type { Container, ContainerStatus, Pod } from '@scalelab/manifests';
import { parseQuantity, toNumber } from '@scalelab/scaling';
import type { Exposition, SampleLabels } from './exposition';

type Sample = (labels: SampleLabels, value: number) => void;

const phases = ['Pending', 'Succeeded', 'Failed', 'Unknown', 'Running'];

/** kube-state-metrics' series of pods and their containers. */
export function podState(page: Exposition, pods: readonly Pod[]): void {
  const gauge = (name: string, help: string) => page.family(`kube_pod_${name}`, 'gauge', help);
  each(pods, gauge('info', 'Information about pod.'), ({ metadata, spec, status }, own, sample) => {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller);
    sample(
      {
        ...own,
        node: spec.nodeName,
        pod_ip: status?.podIP,
        host_ip: status?.hostIP,
        host_network: String(spec.hostNetwork ?? false),
        priority_class: spec.priorityClassName,
        created_by_kind: owner?.kind,
        created_by_name: owner?.name,
      },
      1,
    );
  });
  each(pods, gauge('status_phase', 'The pods current phase.'), ({ status }, own, sample) => {
    const { phase } = status ?? {};
    if (phase) for (const name of phases) sample({ ...own, phase: name }, phase === name ? 1 : 0);
  });
  each(
    pods,
    gauge('status_ready', 'Describes whether the pod is ready to serve requests.'),
    ({ status }, own, sample) => {
      const ready = status?.conditions?.find(({ type }) => type === 'Ready');
      if (ready)
        for (const possible of ['True', 'False', 'Unknown'])
          sample({ ...own, condition: possible.toLowerCase() }, ready.status === possible ? 1 : 0);
    },
  );
  containerStates(page, pods);
  resources(pods, gauge('container_resource_requests', 'Requested resources by a container.'), 'requests');
  resources(pods, gauge('container_resource_limits', 'Limits of resources of a container.'), 'limits');
}

function containerStates(page: Exposition, pods: readonly Pod[]): void {
  const prefix = 'kube_pod_container_status_';
  const column = (sample: Sample, read: (container: ContainerStatus) => SampleLabels | number | undefined) =>
    each(pods, sample, ({ status }, own, write) => {
      for (const container of status?.containerStatuses ?? []) {
        const labels = { ...own, container: container.name };
        const answer = read(container);
        if (typeof answer === 'number') write(labels, answer);
        else if (answer) write({ ...labels, ...answer }, 1);
      }
    });
  column(
    page.family(`${prefix}restarts_total`, 'counter', 'The number of container restarts per container.'),
    ({ restartCount }) => restartCount,
  );
  column(
    page.family(`${prefix}ready`, 'gauge', 'Describes whether the containers readiness check succeeded.'),
    ({ ready }) => (ready ? 1 : 0),
  );
  column(
    page.family(`${prefix}running`, 'gauge', 'Describes whether the container is currently running.'),
    ({ state }) => (state?.running ? 1 : 0),
  );
  column(
    page.family(`${prefix}waiting`, 'gauge', 'Describes whether the container is currently waiting.'),
    ({ state }) => (state?.waiting ? 1 : 0),
  );
  column(
    page.family(`${prefix}waiting_reason`, 'gauge', 'The reason the container is currently waiting.'),
    ({ state }) => state?.waiting && { reason: state.waiting.reason },
  );
  column(
    page.family(`${prefix}last_terminated_reason`, 'gauge', 'The last reason the container was terminated.'),
    ({ lastState }) => lastState?.terminated && { reason: lastState.terminated.reason },
  );
}

function resources(pods: readonly Pod[], sample: Sample, kind: 'requests' | 'limits'): void {
  each(pods, sample, ({ spec }, own, write) => {
    for (const container of spec.containers as readonly Container[])
      for (const [resource, given] of Object.entries(container.resources?.[kind] ?? {})) {
        const labels = { ...own, container: container.name, node: spec.nodeName };
        const value = toNumber(parseQuantity(String(given)));
        write({ ...labels, resource, unit: resource === 'cpu' ? 'core' : 'byte' }, value);
      }
  });
}

function each(
  pods: readonly Pod[],
  sample: Sample,
  write: (pod: Pod, own: SampleLabels, sample: Sample) => void,
): void {
  for (const pod of pods) {
    const { namespace, name, uid } = pod.metadata;
    write(pod, { namespace, pod: name, uid }, sample);
  }
}
