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
import { sweepText } from './sweep-text';
import { optionsOf, type SimulationRequest } from './simulation-request';
import { costOf, delayOf, type SweepRow } from './sweep-row';
import { simulateChoices } from './sweep-threads';
import type { Terminal } from './terminal';

const mostChoices = 20_000;

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
