import { basename } from 'node:path';
import { formatFigure, sparkline } from '@scalelab/plots';
import { simulate } from '@scalelab/simulation';
import { Arguments } from './arguments';
import { usageError } from './command-error';
import { writeText } from './input-file';
import { figureRows } from './simulation-figures';
import { simulationPage, type FinishedPart } from './simulation-page';
import { headline } from './simulation-text';
import { optionsOf, readRequest, targetOf } from './simulation-request';
import { tableText } from './table-text';
import type { Terminal } from './terminal';

/** The same load under two autoscalers, side by side. Objects that both need (their target) may be given by -f. */
export function compareTargets(args: Arguments, terminal: Terminal): number {
  const [a, b, ...others] = args.positionals;
  if (a === undefined || b === undefined || others.length > 0)
    throw usageError(`simulate: --compare takes two manifest files, A and B, got ${args.positionals.length}`);
  const names = a === b || basename(a) !== basename(b) ? [basename(a), basename(b)] : [a, b];
  const runs = [a, b].map((file, i): FinishedPart => {
    const target = targetOf([file, ...args.texts('file')], args.text('name'));
    const rest = new Arguments(valuesOf(args), []);
    const request = readRequest('simulate', rest, target);
    return { label: `${'AB'[i] ?? ''} ${names[i] ?? ''}`, request, simulation: simulate(optionsOf(request)) };
  });
  for (const line of compareText(runs, terminal)) terminal.out(line);
  const json = args.text('json');
  if (json !== undefined)
    writeText(
      json,
      `${JSON.stringify(
        runs.map(({ label, simulation, request }) => ({
          label,
          autoscaler: request.target.object,
          ...simulation,
        })),
        null,
        1,
      )}\n`,
    );
  const html = args.text('html');
  if (html !== undefined) {
    writeText(html, simulationPage('The same load under two autoscalers', runs, firstParting(runs)));
    terminal.out(`page: ${html}`);
  }
  return 0;
}

/** The options that a request reads; the operands of --compare are not among them. */
function valuesOf(args: Arguments): Record<string, unknown> {
  const texts = ['model', 'name', 'from', 'to', 'step', 'replicas', 'k6-metric'].map((name) => [
    name,
    args.text(name),
  ]);
  return { ...Object.fromEntries(texts), file: args.texts('file'), load: args.texts('load') };
}

function compareText(runs: readonly FinishedPart[], { width }: Terminal): readonly string[] {
  const highest = Math.max(...runs.map(({ simulation }) => simulation.totals.peakReplicas));
  return [
    ...runs.flatMap(({ label, request, simulation }) => [
      `${label}: ${headline(request, simulation.seconds)}`,
      `  replicas ${sparkline(
        simulation.timeline.map(({ desired }) => desired),
        Math.max(20, width - 12),
        highest,
      )}`,
    ]),
    `  signal   ${sparkline(runs[0]?.simulation.timeline.map(({ signal }) => signal) ?? [], Math.max(20, width - 12))}`,
    '',
    ...tableText(
      ['', ...runs.map(({ label }) => label)],
      figureRows(runs.map(({ simulation }) => simulation)),
    ),
    '',
    ...firstParting(runs),
  ];
}

/** Where the two first do different things, and why each does. */
function firstParting([a, b]: readonly FinishedPart[]): readonly string[] {
  if (!a || !b) return [];
  const at = a.simulation.decisions.findIndex((decision, i) => {
    const other = b.simulation.decisions[i];
    return other === undefined || other.to !== decision.to || other.t !== decision.t;
  });
  const index = at >= 0 ? at : a.simulation.decisions.length;
  const pair = [a, b].map(({ label, simulation }) => ({ label, decision: simulation.decisions[index] }));
  if (pair.every(({ decision }) => decision === undefined)) return ['They decide alike.'];
  return [
    'They first part here:',
    ...pair.map(
      ({ label, decision }) =>
        `  ${label}: ${decision ? `${formatFigure(decision.t)} s: ${decision.sentence}` : 'nothing more'}`,
    ),
  ];
}
