// What makes each alert fire, and what must not: series as their exporters name them, for any workload.

/** Samples a minute apart: `values(3, 30)` is 3 thirty times. */
const values = (value, count = 60) => `${value}x${count - 1}`;
const rising = (by, count = 60) => `0+${by}x${count - 1}`;

const selector = (name, labels) =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(',')}}`;

const series = (name, labels, of) => ({ series: selector(name, labels), values: of });

const deploymentReady = ({ namespace, service }, of) =>
  series('kube_deployment_status_replicas_ready', { namespace, deployment: service }, of);
const scaler = ({ namespace, service }) => ({
  namespace,
  scaledObject: service,
  scaler: 'aScaler',
  triggerIndex: '0',
  metric: 's0-a',
  type: 'scaledobject',
});
const container = ({ namespace, service }) => ({ namespace, pod: `${service}-abc`, container: service });
const condition = ({ namespace, service }, type) => ({
  customresource_group: 'keda.sh',
  customresource_kind: 'ScaledObject',
  customresource_version: 'v1alpha1',
  namespace,
  scaledobject: service,
  condition: type,
});

/**
 * By alert: `labels` of the alert beside those of the rule, and cases of `input` series; `fires` says whether the alert is there at minute
 * `at`. A workload is `{service, namespace, metrics, hpa, maximum, backlogSeconds}`.
 */
export const ruleCases = {
  AutoscalerAtMaximum: {
    labels: ({ hpa, namespace }) => ({ namespace, horizontalpodautoscaler: hpa }),
    cases: ({ hpa, maximum, namespace }) => {
      const labels = { namespace, horizontalpodautoscaler: hpa };
      const at = (desired) => [
        series('kube_horizontalpodautoscaler_status_desired_replicas', labels, desired),
        series('kube_horizontalpodautoscaler_spec_max_replicas', labels, values(maximum)),
      ];
      return [
        { about: 'at the maximum for a quarter of an hour', at: 16, fires: true, input: at(values(maximum)) },
        { about: 'at the maximum for ten minutes', at: 10, fires: false, input: at(values(maximum)) },
        { about: 'one below', at: 40, fires: false, input: at(values(maximum - 1)) },
        {
          about: 'at the maximum with a pause',
          at: 20,
          fires: false,
          input: at(`${values(maximum, 10)} ${maximum - 1} ${values(maximum, 20)}`),
        },
      ];
    },
  },
  TriggerErroring: {
    labels: ({ namespace, service }) => ({ namespace, scaledObject: service }),
    cases: ({ namespace, service }) => {
      const errors = (of) => [
        series('keda_scaled_object_errors_total', { namespace, scaledObject: service }, of),
      ];
      return [
        { about: 'an error at every poll', at: 12, fires: true, input: errors(rising(2)) },
        { about: 'errors that ended', at: 30, fires: false, input: errors(`${rising(2, 6)} ${values(10)}`) },
        { about: 'no errors', at: 30, fires: false, input: errors(values(0)) },
      ];
    },
  },
  FallbackActive: {
    labels: (workload) => condition(workload, 'Fallback'),
    cases: (workload) => {
      const is = (type, of) => [series('kube_scaledobject_status_condition', condition(workload, type), of)];
      return [
        { about: 'the fallback serves', at: 5, fires: true, input: is('Fallback', values(1)) },
        { about: 'no fallback', at: 5, fires: false, input: is('Fallback', values(0)) },
        { about: 'another condition', at: 5, fires: false, input: is('Active', values(1)) },
      ];
    },
  },
  ActiveWithoutReplicas: {
    labels: ({ namespace }) => ({ namespace }),
    cases: (workload) => {
      const { namespace, service } = workload;
      const active = (of) => series('keda_scaler_active', scaler(workload), of);
      const paused = series('keda_scaled_object_paused', { namespace, scaledObject: service }, values(1));
      const running = series('keda_scaled_object_paused', { namespace, scaledObject: service }, values(0));
      const ready = (of) => deploymentReady(workload, of);
      return [
        {
          about: 'work and nobody',
          at: 7,
          fires: true,
          input: [active(values(1)), ready(values(0)), running],
        },
        {
          about: 'work and a replica',
          at: 30,
          fires: false,
          input: [active(values(1)), ready(values(1)), running],
        },
        {
          about: 'no work and nobody',
          at: 30,
          fires: false,
          input: [active(values(0)), ready(values(0)), running],
        },
        {
          about: 'paused on purpose',
          at: 30,
          fires: false,
          input: [active(values(1)), ready(values(0)), paused],
        },
        {
          about: 'a start from zero',
          at: 10,
          fires: false,
          input: [active(`${values(0, 5)} ${values(1)}`), ready(`${values(0, 7)} ${values(1)}`), running],
        },
      ];
    },
  },
  CrashLoop: {
    labels: container,
    cases: (workload) => {
      const labels = container(workload);
      const restarts = (of) => series('kube_pod_container_status_restarts_total', labels, of);
      const waiting = (reason, of) =>
        series('kube_pod_container_status_waiting_reason', { ...labels, reason }, of);
      return [
        { about: 'a restart every minute', at: 12, fires: true, input: [restarts(rising(1))] },
        {
          about: 'a back-off that has grown to five minutes',
          at: 40,
          fires: true,
          input: [
            restarts('0+1x5 5x4 6x4 7x4 8x4 9x4 10x4 11x4'),
            waiting('CrashLoopBackOff', '_x5 1x3 _ 1x3 _ 1x3 _ 1x3 _ 1x3 _ 1x3 _ 1x3 _ 1x3 _'),
          ],
        },
        { about: 'one restart', at: 12, fires: false, input: [restarts(`${values(0, 5)} ${values(1)}`)] },
        {
          about: 'a slow pull',
          at: 12,
          fires: false,
          input: [waiting('ContainerCreating', values(1)), restarts(values(0))],
        },
      ];
    },
  },
  JobFailing: {
    labels: ({ namespace }) => ({ namespace }),
    cases: ({ namespace, service }) => {
      const failed = (name, of) => [
        series('kube_job_status_failed', { namespace, job_name: name, reason: 'BackoffLimitExceeded' }, of),
      ];
      return [
        { about: 'a failed run', at: 15, fires: true, input: failed(`${service}-29000000`, values(1)) },
        { about: 'runs that pass', at: 15, fires: false, input: failed(`${service}-29000000`, values(0)) },
        { about: "a neighbour's", at: 15, fires: false, input: failed('another-29000000', values(1)) },
      ];
    },
  },
  BacklogTooOld: {
    labels: ({ namespace }) => ({ namespace }),
    cases: ({ backlogSeconds, metrics, namespace, service }) => {
      const age = (of) => [
        series(`${metrics}_backlog_age_seconds`, { namespace, pod: `${service}-abc` }, of),
      ];
      return [
        { about: 'older than allowed', at: 7, fires: true, input: age(values(backlogSeconds + 1)) },
        { about: 'as old as allowed', at: 30, fires: false, input: age(values(backlogSeconds)) },
        {
          about: 'a peak',
          at: 8,
          fires: false,
          input: age(`${values(0, 3)} ${values(backlogSeconds * 2, 3)} ${values(10)}`),
        },
      ];
    },
  },
  DeadLettersGrowing: {
    labels: ({ namespace }) => ({ namespace }),
    cases: ({ metrics, namespace, service }) => {
      const dead = (of) => [
        series(`${metrics}_dead_lettered_total`, { namespace, pod: `${service}-abc` }, of),
      ];
      return [
        { about: 'one more', at: 8, fires: true, input: dead(`${values(4, 5)} ${values(5)}`) },
        { about: 'old ones', at: 30, fires: false, input: dead(values(4)) },
      ];
    },
  },
};
