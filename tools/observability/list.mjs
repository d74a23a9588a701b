// Prints every expression of dashboards and rules as JSON, for tests: {dashboards: [{where, expr}], rules: [{where, alert, expr, operands}]}
import { dashboards } from './dashboards/index.mjs';
import { dashboardExpressions, operands, ruleExpressions } from './expressions.mjs';
import { prometheusRules } from './rules.mjs';

process.stdout.write(
  JSON.stringify({
    dashboards: dashboards.flatMap(dashboardExpressions),
    rules: prometheusRules()
      .flatMap(ruleExpressions)
      .map(({ alert, expr, where }) => ({ where, alert, expr, operands: operands(expr) })),
  }),
);
