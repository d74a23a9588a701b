import type { CoreShapes, DecisionLine, DecisionStep } from '@scalelab/recording';
import { formatDuration, formatFigure } from '../format';
import { element, escape } from '../markup';
import { directionOf } from '../marks/decision-marks';
import { table } from './table';

function shown(value: unknown): string {
  if (typeof value === 'number') return formatFigure(value);
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));
}

function inputs(step: DecisionStep): string {
  return Object.entries(step.inputs)
    .map(([name, value]) => `${name} ${shown(value)}`)
    .join(', ');
}

/** The core names its rules in one word each: `scale-up-limit`. */
function ruleText(rule: string): string {
  return /^[a-z0-9-]+$/.test(rule) ? rule.replaceAll('-', ' ') : rule;
}

function stepsTable(steps: readonly DecisionStep[]): string {
  if (steps.length === 0) return '';
  const rows = steps.map((step) => [
    escape(ruleText(step.rule)),
    escape(inputs(step)),
    escape(shown(step.result)),
  ]);
  return element(
    'div',
    { class: 'scroll' },
    table([{ head: 'Rule' }, { head: 'Inputs' }, { head: 'Result' }], rows, 'rules'),
  );
}

const words = { up: 'Scaled up', down: 'Scaled down', held: 'Held' } as const;

/** Which loop decided, in two words. */
export function loopName({ kind }: Pick<DecisionLine<CoreShapes>, 'kind'>): string {
  return { hpaSync: 'HPA sync', kedaPoll: 'KEDA poll', scaledJobPoll: 'KEDA poll' }[kind];
}

/** `3 → 6`, or `6, wanted 9` for a hold. */
export function changeText({
  from,
  to,
  wanted,
}: Pick<DecisionLine<CoreShapes>, 'from' | 'to' | 'wanted'>): string {
  if (from !== to) return `${from} → ${to}`;
  return wanted === null ? String(to) : `${to}, wanted ${wanted}`;
}

/** The sentence and the arithmetic of one decision. */
export function decisionCard(decision: DecisionLine<CoreShapes>): string {
  const { t, reason, sentence, steps = [] } = decision;
  const head = `${words[directionOf(decision)]} ${changeText(decision)} at ${formatDuration(t)}, ${loopName(decision)}`;
  return (
    element(
      'p',
      { class: 'quiet' },
      escape(head),
      ' · ',
      element('span', { class: 'name' }, escape(reason)),
    ) +
    element('p', { class: 'sentence' }, escape(sentence)) +
    stepsTable(steps)
  );
}
