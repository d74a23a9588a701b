import type { Report } from '@scalelab/recording';

/** The end of a tour in a few lines: each expectation, then messages. */
export function summary(report: Report, seconds: number): string[] {
  const checks = report.workloads.flatMap(({ name, expectations }) =>
    expectations.map(
      ({ phase, expected, observed, held }) =>
        `${held ? 'held  ' : 'BROKEN'}  ${name.padEnd(15)} ${phase.padEnd(10)} ${expected}: ${observed}`,
    ),
  );
  const messages = report.workloads.flatMap(({ name, messages: m }) =>
    m
      ? [
          `${m.lost === 0 && m.duplicates === 0 ? 'held  ' : 'BROKEN'}  ${name.padEnd(15)} messages   sent ${m.sent}, stored ${m.stored}, lost ${m.lost}, duplicates ${m.duplicates}`,
        ]
      : [],
  );
  const broken = [...checks, ...messages].filter((line) => line.startsWith('BROKEN')).length;
  const all = checks.length + messages.length;
  return [
    ...checks,
    ...messages,
    `${all - broken} of ${all} held in ${seconds.toFixed(0)} s${report.ok ? '' : ': the tour failed'}`,
  ];
}
