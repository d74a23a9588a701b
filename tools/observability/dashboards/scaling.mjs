// Why a workload has the replicas that it has: signal, target, wanted, desired, ready, and the ceilings.
import { annotation, choice, dashboard, lines, number, query, row, states } from './panel.mjs';

const chosen = 'namespace=~"$namespace"';
const deployment = `{${chosen},deployment=~"$workload"}`;

/** A series of the HPA with the name of what it scales, whatever the HPA is called. */
const ofTarget = (metric, labels = '') =>
  `${metric}{${chosen}${labels}} * on(namespace, horizontalpodautoscaler) group_left(scaletargetref_name) kube_horizontalpodautoscaler_info{${chosen},scaletargetref_name=~"$workload"}`;

const wanted = `ceil(max by (namespace, metric) (keda_scaler_metrics_value{${chosen},scaledObject=~"$workload"}) / on(namespace, metric) max by (namespace, metric) (label_replace(kube_horizontalpodautoscaler_spec_target_metric{${chosen},metric_target_type="average"}, "metric", "$1", "metric_name", "(.+)")))`;

/** Differences and not delta(): they hold at any scrape interval. */
const step = (by) =>
  `kube_deployment_spec_replicas${deployment} - kube_deployment_spec_replicas${deployment} offset 30s ${by}`;

/** What a counter gained in `window`; a series that was not there before began at 0. */
const decisions = (window) => {
  const counter = `scalelab_scaling_decisions_total{${chosen},workload=~"$workload"}`;
  return `${counter} - (${counter} offset ${window} or 0 * ${counter})`;
};

export const scaling = dashboard({
  uid: 'scalelab-scaling',
  title: 'Scaling',
  description:
    'Signal, target, wanted, desired and ready replicas of each workload, with its ceilings and decisions.',
  variables: [
    choice('namespace', 'Namespace', 'label_values(kube_horizontalpodautoscaler_info, namespace)'),
    choice(
      'workload',
      'Workload',
      `label_values(kube_horizontalpodautoscaler_info{${chosen}}, scaletargetref_name)`,
    ),
  ],
  annotations: [
    annotation({
      name: 'scaled up',
      expr: step('> 0'),
      color: 'green',
      title: '{{deployment}} up',
      tags: 'namespace',
    }),
    annotation({
      name: 'scaled down',
      expr: step('< 0'),
      color: 'orange',
      title: '{{deployment}} down',
      tags: 'namespace',
    }),
    annotation({
      name: 'decisions (lab)',
      expr: `${decisions('30s')} > 0`,
      color: 'blue',
      title: '{{workload}} {{direction}}: {{reason}}',
      tags: 'namespace,direction,reason',
    }),
  ],
  panels: [
    number({
      title: 'Autoscalers at their maximum',
      description:
        'HorizontalPodAutoscalers that want as many replicas as they may have. They may want more.',
      unit: 'short',
      bad: 1,
      queries: [
        query(
          `sum(kube_horizontalpodautoscaler_status_desired_replicas{${chosen}} >= bool on(namespace, horizontalpodautoscaler) kube_horizontalpodautoscaler_spec_max_replicas{${chosen}})`,
          'at maximum',
        ),
      ],
    }),
    number({
      title: 'Trigger errors in 5 minutes',
      description: 'Failed questions to sources of triggers that no fallback stood in for.',
      unit: 'short',
      bad: 1,
      queries: [query(`sum(increase(keda_scaled_object_errors_total{${chosen}}[5m]))`, 'errors')],
    }),
    number({
      title: 'Fallbacks active',
      description: 'ScaledObjects whose trigger cannot be read, so that KEDA holds them at a fixed number.',
      unit: 'short',
      bad: 1,
      queries: [
        query(`sum(kube_scaledobject_status_condition{${chosen},condition="Fallback"})`, 'fallbacks'),
      ],
    }),
    number({
      title: 'Paused',
      description: 'ScaledObjects that somebody paused by annotation.',
      unit: 'short',
      bad: 1,
      queries: [query(`sum(keda_scaled_object_paused{${chosen}})`, 'paused')],
    }),
    row('Replicas'),
    lines({
      title: 'Desired and ready replicas',
      description:
        'What autoscalers wrote to each Deployment, and what is ready of it. Between the two lies the start of pods.',
      unit: 'short',
      queries: [
        query(`kube_deployment_spec_replicas${deployment}`, '{{deployment}} desired', { steps: true }),
        query(`kube_deployment_status_replicas_ready${deployment}`, '{{deployment}} ready', { steps: true }),
      ],
    }),
    lines({
      title: 'Ceilings',
      description:
        'The maximum of each autoscaler, and the partitions of the topic: a consumer beyond them has nothing to read.',
      unit: 'short',
      queries: [
        query(ofTarget('kube_horizontalpodautoscaler_spec_max_replicas'), '{{scaletargetref_name}} maximum', {
          dashed: true,
        }),
        query(
          'sum by (namespace) (kafka_consumer_assigned_partitions{namespace=~"$namespace"})',
          '{{namespace}} partitions',
          { dashed: true, color: 'red' },
        ),
        query(`kube_deployment_spec_replicas${deployment}`, '{{deployment}} desired', { steps: true }),
      ],
    }),
    row('Signals'),
    lines({
      title: 'Signal',
      description:
        'What KEDA read from each trigger, in the unit of the trigger: messages, records of lag, requests.',
      unit: 'short',
      queries: [
        query(
          `keda_scaler_metrics_value{${chosen},scaledObject=~"$workload"}`,
          '{{scaledObject}} {{metric}}',
        ),
      ],
    }),
    lines({
      title: 'Target for a replica',
      description: 'How much of the signal one replica is meant for.',
      unit: 'short',
      queries: [
        query(
          ofTarget('kube_horizontalpodautoscaler_spec_target_metric', ',metric_target_type="average"'),
          '{{scaletargetref_name}} {{metric_name}}',
          { dashed: true },
        ),
      ],
    }),
    lines({
      title: 'Wanted by the signal alone',
      description:
        'Signal divided by target, rounded up: before windows, policies and limits hold anything back.',
      unit: 'short',
      queries: [query(wanted, '{{namespace}} {{metric}}', { steps: true })],
    }),
    lines({
      title: 'CPU and memory against their target',
      description:
        'Use in percent of the request, as HorizontalPodAutoscalers see it, and the target. 10 % around it is tolerated.',
      unit: 'percent',
      queries: [
        query(
          ofTarget('kube_horizontalpodautoscaler_status_target_metric', ',metric_target_type="utilization"'),
          '{{scaletargetref_name}} {{metric_name}}',
        ),
        query(
          ofTarget('kube_horizontalpodautoscaler_spec_target_metric', ',metric_target_type="utilization"'),
          '{{scaletargetref_name}} {{metric_name}} target',
          { dashed: true },
        ),
      ],
    }),
    row('State'),
    states({
      title: 'Conditions of ScaledObjects',
      description:
        'Active = a trigger is above its activation threshold. Not active is no fault. Ready = KEDA could make the autoscaler.',
      queries: [
        query(
          `kube_scaledobject_status_condition{${chosen},scaledobject=~"$workload"}`,
          '{{scaledobject}} {{condition}}',
        ),
      ],
    }),
    states({
      title: 'Conditions of HorizontalPodAutoscalers',
      description: 'ScalingLimited = minimum or maximum holds it. ScalingActive = its metrics can be read.',
      queries: [
        query(
          `kube_horizontalpodautoscaler_status_condition{${chosen},status="true"}`,
          '{{horizontalpodautoscaler}} {{condition}}',
        ),
      ],
    }),
    lines({
      title: 'Decisions by reason (lab)',
      description:
        'Decisions that changed replicas, in the words of the controllers. Only the lab counts them; on a cluster this stays empty.',
      unit: 'short',
      width: 24,
      queries: [query(decisions('1m'), '{{workload}} {{direction}}: {{reason}}')],
    }),
  ],
});
