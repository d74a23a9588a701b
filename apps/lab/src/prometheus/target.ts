/** Something to scrape. `key` stays the same as long as nothing about it changes. */
export interface Target {
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly address: string;
  readonly port: number;
  /** With its query. */
  readonly path: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly honorLabels: boolean;
}
