import type { Machine } from './line';

/** `report.json`: a projection of a recording. Every `t` is in seconds since `startedAt`. */
export interface Report {
  readonly version: 1;
  /** There was at least one expectation, all held, nothing was lost or stored twice, and no note of level error was made. */
  readonly ok: boolean;
  readonly startedAt: string;
  readonly speed: string;
  readonly machine: Machine;
  readonly workloads: readonly WorkloadReport[];
}

export interface WorkloadReport {
  readonly name: string;
  readonly namespace: string;
  /** Trigger types, joined by ` + ` where there are several; `''` when no autoscaler was seen. */
  readonly trigger: string;
  /** Per replica, of the first trigger; null when it has none. */
  readonly target: number | null;
  readonly samples: readonly ReportSample[];
  readonly decisions: readonly ReportDecision[];
  readonly expectations: readonly ReportExpectation[];
  readonly messages: ReportMessages | null;
}

export interface ReportSample {
  readonly t: number;
  readonly value: number | null;
  readonly desired: number;
  readonly current: number;
  readonly ready: number;
}

/** A change of replicas, or the begin of a hold (`from` equals `to`). */
export interface ReportDecision {
  readonly t: number;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  readonly message: string;
}

export interface ReportExpectation {
  readonly phase: 'activation' | 'out' | 'in';
  readonly expected: string;
  readonly observed: string;
  readonly held: boolean;
}

export interface ReportMessages {
  readonly sent: number;
  readonly stored: number;
  readonly lost: number;
  readonly duplicates: number;
}
