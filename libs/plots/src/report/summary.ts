import type { Recording, CoreShapes, Report, WorkloadReport } from '@scalelab/recording';
import { formatFigure } from '../format';
import { element, escape } from '../markup';
import { highestOf } from '../scale';
import { table } from './table';

function outcome({ expectations }: WorkloadReport): string {
  if (expectations.length === 0) return element('span', { class: 'quiet' }, 'ran beside');
  const held = expectations.filter((e) => e.held).length;
  const good = held === expectations.length;
  return element(
    'span',
    { class: `state ${good ? 'good' : 'bad'}` },
    `${good ? '✓' : '✗'} ${held} of ${expectations.length}`,
  );
}

/** Zero is good, everything else has to be seen. */
function fault(count: number): string {
  return count === 0 ? '0' : element('span', { class: 'state bad' }, `✗ ${formatFigure(count)}`);
}

function most(report: WorkloadReport): string {
  return report.samples.length
    ? String(
        highestOf(
          report.samples.map((s) => s.ready),
          0,
        ),
      )
    : '–';
}

function notes({ lines }: Recording<CoreShapes>): string {
  const told = lines.filter((l) => l.kind === 'note').filter((l) => l.level !== 'info');
  if (told.length === 0) return '';
  return element(
    'ul',
    {},
    ...told.map((n) =>
      element(
        'li',
        { class: `state ${n.level === 'error' ? 'bad' : 'warn'}` },
        escape(`${n.level} at ${n.t} s: ${n.text}`),
      ),
    ),
  );
}

function verdict({ ok, workloads }: Report): string {
  if (ok) return element('p', { class: 'state good' }, '✓ Everything expected held, nothing was lost.');
  if (workloads.some((w) => w.expectations.length > 0 || w.messages !== null)) {
    return element('p', { class: 'state bad' }, '✗ Not everything held.');
  }
  return element(
    'p',
    { class: 'state idle' },
    'Nothing was expected of this run: it shows what happened and proves nothing.',
  );
}

/** The answer before everything else: did it hold, was anything lost. */
export function summary(report: Report, recording: Recording<CoreShapes>): string {
  const { header } = recording;
  const { machine } = header;
  const facts = [
    `started ${header.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}`,
    `${header.speed} profile`,
    `${machine.os} ${machine.arch}, ${machine.cpus} CPUs, ${formatFigure(machine.memoryMiB)} MiB`,
    `decisions as Kubernetes ${header.profile.kubernetes} and KEDA ${header.profile.keda}`,
    ...(header.fidelity === 'observed' ? ['seen from outside: reasons are inferred'] : []),
  ];
  const rows = report.workloads.map((w, i) => [
    element('a', { href: `#workload-${i}`, class: 'name' }, escape(w.name)),
    escape(w.trigger || '–'),
    most(w),
    outcome(w),
    ...(w.messages
      ? [
          formatFigure(w.messages.sent),
          formatFigure(w.messages.stored),
          fault(w.messages.lost),
          fault(w.messages.duplicates),
        ]
      : ['–', '–', '–', '–']),
  ]);
  const columns = [
    { head: 'Workload' },
    { head: 'Trigger' },
    { head: 'Most ready', figure: true },
    { head: 'Expectations' },
    { head: 'Sent', figure: true },
    { head: 'Stored', figure: true },
    { head: 'Lost', figure: true },
    { head: 'Duplicated', figure: true },
  ];
  return element(
    'section',
    { class: 'summary' },
    verdict(report),
    element('p', { class: 'quiet' }, escape(facts.join(' · '))),
    notes(recording),
    element('div', { class: 'scroll' }, table(columns, rows)),
  );
}
