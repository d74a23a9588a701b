import { projectReport, type Recording } from '@scalelab/recording';
import { reportPage } from '@scalelab/plots';
import { RecordingObserver, simulate, type Simulation } from '@scalelab/simulation';
import { simulationOverview } from './simulation-overview';
import { optionsOf, type SimulationRequest } from './simulation-request';

export interface PagePart {
  /** Name of the section, unique on the page. */
  readonly label: string;
  readonly request: SimulationRequest;
}

/** A part that has been simulated. */
export interface FinishedPart extends PagePart {
  readonly simulation: Simulation;
}

/** The whole run as a recording. */
export function recordSimulation(
  { label, request }: PagePart,
  namespace = request.target.object.metadata.namespace ?? 'default',
): Recording {
  const { startedAtMs } = simulate({ ...optionsOf(request), seconds: 0 });
  const observer = new RecordingObserver({
    workload: {
      namespace,
      name: label,
      ...(request.target.kind === 'ScaledJob' ? { kind: 'ScaledJob' } : {}),
    },
    startedAtMs,
    autoscaler: request.target.name,
    ages: request.model !== undefined,
  });
  simulate({ ...optionsOf(request), decisions: false, observer });
  return observer.recording();
}

/** One self-contained page: the figures of all runs, then a section a run, over one time axis and to one scale. */
export function simulationPage(
  title: string,
  parts: readonly FinishedPart[],
  notes: readonly string[] = [],
): string {
  const recordings = parts.map((part, i) =>
    recordSimulation(part, parts.length > 1 ? `run-${i + 1}` : undefined),
  );
  const [first] = recordings;
  if (first === undefined) throw new RangeError('a page needs at least one run');
  const merged: Recording = {
    header: first.header,
    lines: recordings.flatMap(({ lines }) => lines).sort((a, b) => a.t - b.t),
  };
  return reportPage(projectReport(merged), merged, {
    title,
    overview: simulationOverview(parts, notes),
    sameScales: true,
  });
}
