import { formatFigure } from '@scalelab/plots';
import {
  applyChoice,
  candidatesFor,
  choicesOf,
  defaultModel,
  LoadError,
  paretoFront,
  readDimension,
  readSlo,
  SloError,
  SweepError,
  type Choice,
  type Slo,
  type Totals,
} from '@scalelab/simulation';
import type { Arguments } from './arguments';
import { usageError } from './command-error';
import { writeText } from './input-file';
import { paretoPage } from './pareto-page';
import { scatterText } from './scatter-text';
import { optionsOf, type SimulationRequest } from './simulation-request';
import { simulateChoices } from './sweep-threads';
import { tableText } from './table-text';
import type { Terminal } from './terminal';

export interface SweepRow {
  readonly choice: Choice;
  readonly totals: Totals;
  /** No other configuration is cheaper and at least as quick. */
  readonly onFront: boolean;
  readonly holds: boolean;
}

const mostChoices = 20_000;
const shownRows = 40;

/** Many configurations under one load: a table, the front of cost against delay, and what to take. */
export async function sweep(args: Arguments, given: SimulationRequest, terminal: Terminal): Promise<number> {
  const { choices, slos } = readPlan(args, given);
  if (!given.model)
    terminal.err(
      'scalelab: no --model: items take 1 s, one at a time a pod, and the load is arrivals a second',
    );
  const request = given.model ? given : { ...given, model: defaultModel };
  const options = { ...optionsOf(request), stepSeconds: 0 };
  const { totals, simulated } = await simulateChoices(options, choices, (done) =>
    terminal.progress(`${done}/${choices.length} configurations`),
  );
  terminal.progress('');
  const rows = rowsOf(choices, totals, slos);
  const recommended = args.flag('recommend') ? rows.find(({ holds }) => holds) : undefined;
  for (const line of sweepText(rows, slos, args.flag('recommend'), terminal)) terminal.out(line);
  if (simulated < rows.length)
    terminal.out(
      `${simulated} of them were simulated: the others differ from one of these in a maximum that was never reached`,
    );
  const json = args.text('json');
  if (json !== undefined)
    writeText(
      json,
      `${JSON.stringify({ load: request.loadNames, model: request.model, slo: slos.map(({ text }) => text), recommended: recommended ?? null, configurations: rows }, null, 1)}\n`,
    );
  const html = args.text('html');
  if (html !== undefined) {
    writeText(html, paretoPage(request, rows, slos, recommended));
    terminal.out(`page: ${html}`);
  }
  return args.flag('recommend') && recommended === undefined ? 1 : 0;
}

function readPlan(
  args: Arguments,
  { target }: SimulationRequest,
): { readonly choices: readonly Choice[]; readonly slos: readonly Slo[] } {
  try {
    const given = args.texts('sweep').map(readDimension);
    const choices = choicesOf(given.length > 0 ? given : candidatesFor(target)).filter(
      (choice) => given.length > 0 || isPossible(target, choice),
    );
    if (choices.length > mostChoices)
      throw usageError(`simulate: ${choices.length} combinations; at most ${mostChoices} are tried`);
    for (const choice of choices) applyChoice(target, choice);
    const slo = args.text('slo');
    return { choices, slos: slo === undefined ? [] : readSlo(slo) };
  } catch (error) {
    if (error instanceof SweepError) throw usageError(`simulate: --sweep ${error.message}`);
    if (error instanceof SloError || error instanceof LoadError)
      throw usageError(`simulate: --slo ${error.message}`);
    throw error;
  }
}

/** Candidates of a recommendation may contradict each other, as a minimum above a maximum does. */
function isPossible(target: SimulationRequest['target'], choice: Choice): boolean {
  try {
    applyChoice(target, choice);
    return true;
  } catch (error) {
    if (error instanceof SweepError) return false;
    throw error;
  }
}

export const delayOf = ({ totals }: { readonly totals: Totals }): number => totals.work?.age.p95 ?? 0;
export const costOf = ({ totals }: { readonly totals: Totals }): number => totals.podSeconds;

/** By rising cost. */
function rowsOf(
  choices: readonly Choice[],
  totals: readonly Totals[],
  slos: readonly Slo[],
): readonly SweepRow[] {
  const rows = choices.flatMap((choice, i) => {
    const total = totals[i];
    return total ? [{ choice, totals: total, holds: slos.every((slo) => slo.holds(total)) }] : [];
  });
  const front = new Set(paretoFront(rows, costOf, delayOf));
  return rows
    .map((row) => ({ ...row, onFront: front.has(row) }))
    .sort((a, b) => costOf(a) - costOf(b) || delayOf(a) - delayOf(b));
}

function sweepText(
  rows: readonly SweepRow[],
  slos: readonly Slo[],
  recommends: boolean,
  { width, ascii }: Terminal,
): readonly string[] {
  const paths = Object.keys(rows[0]?.choice ?? {});
  const best = recommends ? rows.findIndex(({ holds }) => holds) : -1;
  const evidence = rows.filter((row, i) => i === best || row.onFront || rows.length <= shownRows);
  const head = [
    ...paths,
    'pod-seconds',
    'age p95, s',
    'backlog p95',
    'at max, s',
    'flaps',
    'cold starts',
    ...(slos.length > 0 ? ['holds'] : []),
    '',
  ];
  const cells = (row: SweepRow): readonly string[] => {
    const { totals, choice, holds, onFront } = row;
    const mark = row === rows[best] ? '<- cheapest that holds' : onFront ? '*' : '';
    return [
      ...paths.map((path) => choice[path] ?? ''),
      formatFigure(Math.round(totals.podSeconds)),
      String(totals.work?.age.p95 ?? '-'),
      String(totals.work?.backlog.p95 ?? '-'),
      String(totals.secondsAtMax),
      String(totals.flaps),
      String(totals.coldStarts),
      ...(slos.length > 0 ? [holds ? 'yes' : 'no'] : []),
      mark,
    ];
  };
  return [
    ...tableText(head, evidence.map(cells)),
    evidence.length < rows.length
      ? `${rows.length} configurations; shown are those on the front (*): none is both cheaper and quicker`
      : `${rows.length} configurations; * none is both cheaper and quicker`,
    '',
    ...scatterText(
      rows.map((row) => ({ x: costOf(row), y: delayOf(row), marked: row.onFront })),
      { width, ascii, x: 'pod-seconds', y: 'age p95, s' },
    ),
    ...(recommends ? ['', recommendation(rows[best], slos, rows.length)] : []),
  ];
}

function recommendation(row: SweepRow | undefined, slos: readonly Slo[], tried: number): string {
  const wanted = slos.map(({ text }) => text).join(' and ');
  if (!row)
    return `None of ${tried} configurations holds ${wanted}. Try more replicas, a lower threshold or a higher minimum (--sweep).`;
  const choice = Object.entries(row.choice)
    .map(([path, value]) => `${path}=${value}`)
    .join(' ');
  const measured = slos
    .map(
      ({ text, measure, unit }) =>
        `${text}: ${measure(row.totals) ?? 'never'}${unit === '' ? '' : ` ${unit}`}`,
    )
    .join(', ');
  return `Cheapest of ${tried} that holds ${wanted}: ${choice} (${formatFigure(Math.round(row.totals.podSeconds))} pod-seconds; ${measured})`;
}
