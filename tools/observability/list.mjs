// Prints every expression of dashboards and rules as JSON, for tests: {dashboards: [{where, expr, selectors}], rules: [{.., alert, operands}]}
import { dashboards } from './dashboards/index.mjs';
import { dashboardExpressions, operands, ruleExpressions, selectors } from './expressions.mjs';
import { prometheusRules } from './rules.mjs';

process.stdout.write(
  JSON.stringify({
    dashboards: dashboards
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
