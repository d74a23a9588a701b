// `promtool test rules` files: every alert of every workload, with cases in which it fires and in which it must not.
import { ruleCases } from './rule-cases.mjs';

/** Facts of a workload that cases are made from; none is read from the expressions that they test. */
function workloadOf({ autoscaler, groups, name, namespace }) {
  const rules = groups.flatMap(({ rules }) => rules);
  const summary = (alert) => rules.find((rule) => rule.alert === alert)?.annotations.summary ?? '';
  return {
    service: name,
    namespace,
    metrics: name.replaceAll('-', '_'),
    hpa: autoscaler === 'ScaledObject' ? `keda-hpa-${name}` : name,
    maximum: Number(/maximum of (\d+)/.exec(summary('AutoscalerAtMaximum'))?.[1]),
    backlogSeconds: Number(/longer than (\d+) s/.exec(summary('BacklogTooOld'))?.[1]),
  };
}

/** @returns {object} content of a test file for one PrometheusRule. @throws for an alert without cases */
export function ruleTests(rule) {
  const workload = workloadOf(rule);
  return {
    rule_files: [`../${rule.name}.yml`],
    evaluation_interval: '1m',
    tests: rule.groups.flatMap(({ rules }) =>
      rules.flatMap(({ alert, annotations, labels }) => {
        const known = ruleCases[alert];
        if (!known)
          throw new Error(`${rule.name}: alert ${alert} has no cases in tools/observability/rule-cases.mjs`);
        return known.cases(workload).map(({ about, at, fires, input }) => ({
          name: `${alert}: ${about}`,
          interval: '1m',
          input_series: input,
          alert_rule_test: [
            {
              eval_time: `${at}m`,
              alertname: alert,
              exp_alerts: fires
                ? [{ exp_labels: { ...labels, ...known.labels(workload) }, exp_annotations: annotations }]
                : [],
            },
          ],
        }));
      }),
    ),
  };
}
