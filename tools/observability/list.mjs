// Prints every expression of dashboards (those of charts as well) and rules as JSON, for tests: {dashboards: [{where, expr, selectors}], rules: [{.., alert, operands}]}
import { chartDashboards } from './chart-dashboards.mjs';
import { dashboards } from './dashboards/index.mjs';
import { dashboardExpressions, operands, ruleExpressions, selectors } from './expressions.mjs';
import { prometheusRules } from './rules.mjs';

process.stdout.write(
  JSON.stringify({
    dashboards: [...dashboards, ...chartDashboards()]
      .flatMap(dashboardExpressions)
      .map((one) => ({ ...one, selectors: selectors(one.expr) })),
    rules: prometheusRules()
      .flatMap(ruleExpressions)
      .map(({ alert, expr, where }) => ({
        where,
        alert,
        expr,
        operands: operands(expr),
        selectors: selectors(expr),
      })),
  }),
);
