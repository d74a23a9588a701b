// Every expression of dashboards and rules, as a Prometheus is asked it.
import { parser } from '@prometheus-io/lezer-promql';

/** What Grafana puts in place of its variables; windows are short, so that a lab of two minutes answers. */
const variables = { namespace: '.+', workload: '.+', job: '.+', __rate_interval: '1m', __interval: '15s' };

export function filled(expr) {
  return expr.replace(/\$\{?(\w+)\}?/g, (all, name) => {
    if (/^\d+$/.test(name)) return all;
    if (!(name in variables)) throw new Error(`${expr}: no value for the variable ${all}`);
    return variables[name];
  });
}

/** @returns {{where: string, expr: string}[]} */
export function dashboardExpressions(dashboard) {
  return [
    ...dashboard.panels.flatMap(({ targets = [], title }) =>
      targets.map(({ expr, refId }) => ({
        where: `${dashboard.uid} panel "${title}" ${refId}`,
        expr: filled(expr),
      })),
    ),
    ...(dashboard.annotations?.list ?? []).map(({ expr, name }) => ({
      where: `${dashboard.uid} annotation "${name}"`,
      expr: filled(expr),
    })),
  ];
}

/** @returns {{where: string, expr: string}[]} */
export function ruleExpressions({ groups, name }) {
  return groups.flatMap(({ rules }) =>
    rules.map(({ alert, expr }) => ({ where: `${name} alert ${alert}`, alert, expr })),
  );
}

const comparisons = ['Eql', 'Neq', 'Gtr', 'Lss', 'Gte', 'Lte'];

/** Where the syntax of an expression ends to make sense; undefined: all is well. */
export function syntaxProblem(expr) {
  let at;
  parser.parse(expr).iterate({
    enter(node) {
      if (node.type.isError) at ??= node.from;
    },
  });
  return at === undefined
    ? undefined
    : `cannot be read from ${JSON.stringify(expr.slice(at, at + 30) || 'its end')} on`;
}

/**
 * The vectors that an expression is made of, each of which must have values for the expression to ever have one: the sides of `or`, `and`,
 * `unless` and of filtering comparisons. A healthy system leaves an alert empty, and a wrong name does so for ever; these tell them apart.
 * @returns {string[]}
 */
export function operands(expr) {
  const text = (node) => expr.slice(node.from, node.to);
  const parts = (node) => {
    const sides = binarySides(node);
    if (sides) return sides.flatMap(parts);
    if (node.name === 'ParenExpr') return childrenOf(node).flatMap(parts);
    return node.name.startsWith('Number') ? [] : [text(node)];
  };
  const [root] = childrenOf(parser.parse(expr).topNode);
  return root ? [...new Set(parts(root))] : [];
}

function binarySides(node) {
  if (node.name !== 'BinaryExpr') return undefined;
  const children = childrenOf(node);
  const named = (...names) => children.some(({ name }) => names.includes(name));
  const filters = named('And', 'Or', 'Unless') || (named(...comparisons) && !named('BoolModifier'));
  return filters ? [children[0], children[children.length - 1]] : undefined;
}

function childrenOf(node) {
  const children = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

/** Every series that an expression asks for: `name{matchers}`. */
export function selectors(expr) {
  const found = new Set();
  parser.parse(expr).iterate({
    enter(node) {
      if (node.name === 'VectorSelector') found.add(expr.slice(node.from, node.to));
    },
  });
  return [...found];
}
