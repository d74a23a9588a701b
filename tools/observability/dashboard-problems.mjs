// What is wrong with a dashboard before Grafana sees it.
import { dashboardExpressions, syntaxProblem } from './expressions.mjs';

/** Units of Grafana that dashboards here may use; a misspelt one would be shown as a suffix. */
const units = new Set([
  'short',
  's',
  'bytes',
  'Bps',
  'reqps',
  'ops',
  'percent',
  'percentunit',
  'cores',
  'bool',
]);
const panelTypes = new Set(['timeseries', 'stat', 'state-timeline', 'row']);

/** @returns {string[]} one line a problem */
export function dashboardProblems(dashboard) {
  const problems = [];
  const say = (where, text) => problems.push(`${where}: ${text}`);
  const { uid, title, description, schemaVersion, panels = [], templating, annotations } = dashboard;
  if (!/^scalelab-[a-z-]{1,31}$/.test(uid ?? ''))
    say('uid', `is ${JSON.stringify(uid)}; "scalelab-" and a word is allowed`);
  for (const [key, value] of Object.entries({ title, description })) if (!value) say(key, 'is missing');
  if (!(schemaVersion >= 36)) say('schemaVersion', `is ${schemaVersion}; 36 and above is allowed`);
  const variables = new Map((templating?.list ?? []).map((variable) => [variable.name, variable]));
  if (variables.get('datasource')?.type !== 'datasource')
    say('templating', 'has no variable "datasource" of type datasource');
  for (const variable of variables.values())
    if (variable.type === 'query') sourceProblem(`variable ${variable.name}`, variable, say);
  for (const panel of panels) panelProblems(panel, say);
  duplicates(panels, ({ id }) => id).forEach((id) => say(`panel ${id}`, 'its id is used twice'));
  overlaps(panels).forEach(([a, b]) => say(`panel "${a.title}"`, `lies over "${b.title}"`));
  for (const annotation of annotations?.list ?? [])
    sourceProblem(`annotation "${annotation.name}"`, annotation, say);
  expressionProblems(dashboard, variables, say);
  return problems;
}

function panelProblems(panel, say) {
  const where = `panel "${panel.title}"`;
  if (!panel.title) say(`panel ${panel.id}`, 'has no title');
  if (!panelTypes.has(panel.type))
    say(where, `type is "${panel.type}"; ${[...panelTypes].join(', ')} are allowed`);
  if (panel.type === 'row') return;
  if (!panel.description) say(where, 'has no description');
  const unit = panel.fieldConfig?.defaults?.unit;
  if (!units.has(unit)) say(where, `unit is ${JSON.stringify(unit)}; ${[...units].join(', ')} are allowed`);
  sourceProblem(where, panel, say);
  if (!panel.targets?.length) say(where, 'has no query');
  for (const target of panel.targets ?? []) {
    sourceProblem(`${where} ${target.refId}`, target, say);
    if (!target.legendFormat) say(`${where} ${target.refId}`, 'has no legend');
  }
  duplicates(panel.targets ?? [], ({ refId }) => refId).forEach((id) =>
    say(where, `refId ${id} is used twice`),
  );
}

function sourceProblem(where, { datasource }, say) {
  if (datasource?.uid !== '${datasource}')
    say(where, `datasource is ${JSON.stringify(datasource?.uid)}; \${datasource} is allowed`);
}

function expressionProblems(dashboard, variables, say) {
  for (const match of JSON.stringify(dashboard.panels).matchAll(/\$(?!\{?__|\d)\{?(\w+)\}?/g))
    if (!variables.has(match[1])) say('panels', `use the variable $${match[1]}, which is not declared`);
  try {
    for (const { expr, where } of dashboardExpressions(dashboard)) {
      const problem = syntaxProblem(expr);
      if (problem) say(where, `${expr} ${problem}`);
    }
  } catch (error) {
    say('expressions', error.message);
  }
}

function duplicates(items, key) {
  const keys = items.map(key);
  return [...new Set(keys.filter((value, index) => keys.indexOf(value) !== index))];
}

function overlaps(panels) {
  return panels.flatMap((a, index) =>
    panels.slice(index + 1).flatMap((b) => {
      const [p, q] = [a.gridPos, b.gridPos];
      const apart = p.x + p.w <= q.x || q.x + q.w <= p.x || p.y + p.h <= q.y || q.y + q.h <= p.y;
      return apart ? [] : [[a, b]];
    }),
  );
}
