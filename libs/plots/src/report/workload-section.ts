import type { AutoscaledWorkload, CoreShapes, DecisionLine, WorkloadReport } from '@scalelab/recording';
import { formatAmount, formatDuration, formatFigure } from '../format';
import { element, escape } from '../markup';
import { scalingPicture, type PictureOptions } from '../scaling-picture';
import type { ScalingStory } from '../scaling-story';
import { changeText, decisionCard, loopName } from './decision-card';
import { legend } from './legend';
import { table } from './table';

/** Widths of the two pictures: pages show the one that fits. */
const widths = { wide: 1160, narrow: 380 } as const;

function headline(report: WorkloadReport, workload: AutoscaledWorkload): string {
  const last = report.samples.at(-1);
  const value = last?.value ?? null;
  const against = report.target === null ? '' : ` / ${formatAmount(report.target, workload.unit)} a replica`;
  const held = report.expectations.filter((e) => e.held).length;
  const count = report.expectations.length;
  const state =
    count === 0
      ? ''
      : element(
          'span',
          { class: `state ${held === count ? 'good' : 'bad'}` },
          `${held === count ? '✓' : '✗'} ${held} of ${count} expectations held`,
        );
  const idle = last && last.desired === 0 ? element('span', { class: 'state idle' }, 'Idle') : '';
  const now = last
    ? `at the end ${value === null ? 'no value' : formatFigure(value)}${against} · ${last.ready} ready · wants ${last.desired}${workload.max === null ? '' : ` · max ${workload.max}`}`
    : 'never sampled';
  return element(
    'div',
    { class: 'headline' },
    element('h2', { class: 'name' }, escape(report.name)),
    element('span', { class: 'quiet' }, escape(report.trigger || 'no autoscaler')),
    element('span', { class: 'now' }, escape(now)),
    idle,
    state,
  );
}

function expectations({ expectations: list }: WorkloadReport): string {
  if (list.length === 0) return '';
  const rows = list.map((e) => [
    escape(e.phase),
    escape(e.expected),
    escape(e.observed),
    element('span', { class: `state ${e.held ? 'good' : 'bad'}` }, e.held ? '✓ held' : '✗ did not hold'),
  ]);
  return (
    element('h3', {}, 'Expectations') +
    element(
      'div',
      { class: 'scroll' },
      table([{ head: 'Phase' }, { head: 'Expected' }, { head: 'Observed' }, { head: 'Result' }], rows),
    )
  );
}

function decisionTable(decisions: readonly DecisionLine<CoreShapes>[]): string {
  if (decisions.length === 0)
    return element('p', { class: 'quiet' }, 'No decision changed or held anything.');
  const rows = decisions.map((d) => [
    formatDuration(d.t),
    escape(loopName(d)),
    escape(changeText(d)),
    element('span', { class: 'name' }, escape(d.reason)),
    escape(d.sentence),
  ]);
  const columns = [
    { head: 'Time', figure: true },
    { head: 'Loop' },
    { head: 'Replicas' },
    { head: 'Reason' },
    { head: 'Why' },
  ];
  return element(
    'details',
    {},
    element('summary', {}, `All ${decisions.length} decisions`),
    element('div', { class: 'bounded scroll' }, table(columns, rows)),
  );
}

function dataTable({ samples }: WorkloadReport, unit: string): string {
  if (samples.length === 0) return '';
  const rows = samples.map((s) => [
    String(s.t),
    s.value === null ? '–' : String(s.value),
    String(s.desired),
    String(s.current),
    String(s.ready),
  ]);
  const columns = ['t, s', unit ? `signal, ${unit}` : 'signal', 'desired', 'current', 'ready'].map(
    (head) => ({ head: escape(head), figure: true }),
  );
  return element(
    'details',
    {},
    element('summary', {}, `The data of the picture (${samples.length} samples)`),
    element('div', { class: 'bounded scroll' }, table(columns, rows)),
  );
}

/** One workload: what it did as a picture, and why in words. */
export function workloadSection(
  report: WorkloadReport,
  story: ScalingStory,
  span: Omit<PictureOptions, 'id' | 'width'>,
  index: number,
): string {
  const { workload } = story;
  const picture = (size: keyof typeof widths): string =>
    element(
      'div',
      {
        class: `picture ${size}-plot`,
        tabindex: 0,
        role: 'group',
        'aria-label': `Decisions of ${escape(report.name)}: arrow keys go from one to the next`,
      },
      scalingPicture(story, { id: `w${index}-${size}`, width: widths[size], ...span }),
    );
  const hint = story.decisions.length
    ? 'Point at a mark on the time axis, or focus the picture and use the arrow keys: the decision is explained here.'
    : 'No decision changed or held anything.';
  return element(
    'section',
    { class: 'workload', 'data-workload': report.name, id: `workload-${index}` },
    headline(report, workload),
    report.samples.length
      ? picture('wide') + picture('narrow') + legend()
      : element('p', { class: 'quiet' }, 'No samples: the run ended before the first one.'),
    element(
      'div',
      { class: 'card', 'data-card': true, 'aria-live': 'polite' },
      element('p', { class: 'quiet' }, hint),
    ),
    ...story.decisions.map((decision) => element('template', {}, decisionCard(decision))),
    expectations(report),
    decisionTable(story.decisions),
    dataTable(report, workload.unit),
  );
}
