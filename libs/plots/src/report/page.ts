import { workloadsOf, type CoreShapes, type Recording, type Report } from '@scalelab/recording';
import { element, escape } from '../markup';
import { pageStyle, plotStyle, tokenStyle } from '../style-sheet';
import { reportScript } from './script';
import { highestOfAll, scalingStory } from '../scaling-story';
import { summary } from './summary';
import { workloadSection } from './workload-section';

export interface ReportPageOptions {
  /** Default `What it did, and why`. */
  readonly title?: string;
  /** Markup in the place of the summary of expectations and messages, for runs that have none. */
  readonly overview?: string;
  /** Draw all workloads to the same scales, for runs that are compared. Default false. */
  readonly sameScales?: boolean;
}

/** The end of the run: the last line that is about something seen. */
function endOf({ lines }: Recording<CoreShapes>): number {
  return lines.reduce(
    (end, l) =>
      l.kind === 'sample' || l.kind === 'hpaSync' || l.kind === 'kedaPoll' ? Math.max(end, l.t) : end,
    1,
  );
}

/** One HTML file that needs nothing but itself. */
export function reportPage(
  report: Report,
  recording: Recording<CoreShapes>,
  options: ReportPageOptions = {},
): string {
  const title = escape(options.title ?? 'What it did, and why');
  const span = { from: 0, to: endOf(recording) };
  const workloads = workloadsOf(recording);
  const told = report.workloads.flatMap((w, i) => {
    const workload = workloads.find((other) => other.name === w.name && other.namespace === w.namespace);
    return workload ? [{ report: w, story: scalingStory(workload, recording.lines), index: i }] : [];
  });
  const floor = options.sameScales ? highestOfAll(told.map(({ story }) => story)) : {};
  const sections = told.map(({ report: w, story, index }) =>
    workloadSection(w, story, { ...span, ...floor }, index),
  );
  const empty = report.workloads.length
    ? ''
    : element(
        'p',
        {},
        'The recording holds no workload. Run ',
        element('code', {}, 'npm start -- --once --report DIR'),
        ' to make one.',
      );
  const head = element(
    'head',
    {},
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    element('title', {}, title),
    element('style', {}, tokenStyle, plotStyle, pageStyle),
  );
  const main = element(
    'main',
    {},
    element('h1', {}, title),
    options.overview ?? summary(report, recording),
    empty,
    ...sections,
  );
  return `<!doctype html>\n${element('html', { lang: 'en' }, head, element('body', {}, main, element('script', {}, reportScript)))}\n`;
}
