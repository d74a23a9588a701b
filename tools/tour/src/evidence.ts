import type { HeaderLine, TimedLine } from '@scalelab/recording';

export type PhaseName = 'activation' | 'out' | 'in';

/** What the tour's own watch of the Kubernetes API saw of a Deployment at one moment. */
export interface Observation {
  /** Seconds since the recording's start. */
  readonly t: number;
  readonly replicas: number;
  readonly ready: number;
}

/** One thing that must come true, written down before the run. */
export interface Expectation {
  readonly phase: PhaseName;
  /** The literal, and the arithmetic that it comes from, for people. */
  readonly because: string;
  /** `stays`: replicas never leave it; `reaches`: it is the highest count; `returns`: it is the last count. */
  readonly kind: 'stays' | 'reaches' | 'returns';
  readonly replicas: number;
}

/** An expectation together with the stretch of time that it was tested in. */
export interface Tested {
  readonly expectation: Expectation;
  readonly fromT: number;
  readonly toT: number;
}

/** What was sent to a queue or topic, and what the store holds at the end. */
export interface MessageEvidence {
  readonly sentIds: readonly string[];
  /** One entry an effect: an id that was stored twice is there twice. */
  readonly storedIds: readonly string[];
}

/** Requests that have to be answered, whatever scaling does meanwhile. */
export interface RequestEvidence {
  readonly sent: number;
  readonly answered: number;
  /** Status or error -> how often, of what was not answered with 200. */
  readonly failures: Readonly<Record<string, number>>;
}

/** All that the checks of one workload look at. */
export interface Evidence {
  readonly workload: { readonly namespace: string; readonly name: string };
  readonly tested: readonly Tested[];
  readonly observations: readonly Observation[];
  readonly messages: MessageEvidence | null;
  readonly requests: RequestEvidence | null;
  /** Of the lab's recording. */
  readonly header: HeaderLine;
  /** Lines of the lab's recording about this workload. */
  readonly lines: readonly TimedLine[];
}
