import { workloadsOf } from './autoscaled-workload';
import { decisionsOf } from './decisions';
import type { CoreShapes, Recording, WorkloadRef } from './line';
import type { Report, WorkloadReport } from './report';

/** report.json of a recording. */
export function projectReport<C extends CoreShapes>(recording: Recording<C>): Report {
  const { header, lines } = recording;
  const workloads = workloadsOf(recording).map((workload): WorkloadReport => {
    const own = lines.filter(
      (line) => 'workload' in line && line.workload !== undefined && same(line.workload, workload),
    );
    const messages = own.findLast((line) => line.kind === 'messages');
    return {
      name: workload.name,
      namespace: workload.namespace,
      trigger: workload.trigger,
      target: workload.target,
      samples: own.flatMap((line) =>
        line.kind === 'sample'
          ? [
              {
                t: line.t,
                value: line.value,
                desired: line.desired,
                current: line.current,
                ready: line.ready,
              },
            ]
          : [],
      ),
      decisions: decisionsOf(own).map(({ t, from, to, reason, sentence }) => ({
        t,
        from,
        to,
        reason,
        message: sentence,
      })),
      expectations: own.flatMap((line) =>
        line.kind === 'expectation'
          ? [{ phase: line.phase, expected: line.expected, observed: line.observed, held: line.held }]
          : [],
      ),
      messages: messages
        ? {
            sent: messages.sent,
            stored: messages.stored,
            lost: messages.lost,
            duplicates: messages.duplicates,
          }
        : null,
    };
  });
  const expectations = lines.filter((line) => line.kind === 'expectation');
  const ok =
    expectations.length > 0 &&
    expectations.every((line) => line.held) &&
    workloads.every(
      ({ messages }) => messages === null || (messages.lost === 0 && messages.duplicates === 0),
    ) &&
    !lines.some((line) => line.kind === 'note' && line.level === 'error');
  return {
    version: 1,
    ok,
    startedAt: header.startedAt,
    speed: header.speed,
    machine: header.machine,
    workloads,
  };
}

function same(a: WorkloadRef, b: WorkloadRef): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}
