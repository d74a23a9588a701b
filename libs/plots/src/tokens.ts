export type Token =
  | 'page'
  | 'panel'
  | 'line'
  | 'text'
  | 'quiet'
  | 'ready'
  | 'desired'
  | 'signal'
  | 'target'
  | 'good'
  | 'warn'
  | 'bad'
  | 'idle';

export type Palette = Readonly<Record<Token, string>>;

/** The colours of every page and plot. `ready` and `desired` are replicas; `good` to `idle` are states. */
export const light: Palette = {
  page: '#fbfbfa',
  panel: '#ffffff',
  line: '#e3e2de',
  text: '#1d1f23',
  quiet: '#5c616b',
  ready: '#2563a8',
  desired: '#123a66',
  signal: '#b4530a',
  target: '#8a3c00',
  good: '#1b7a43',
  warn: '#946200',
  bad: '#b3261e',
  idle: '#6b7280',
};

export const dark: Palette = {
  page: '#131416',
  panel: '#1b1d20',
  line: '#2e3136',
  text: '#eceef1',
  quiet: '#9aa1ac',
  ready: '#6aa9f0',
  desired: '#b9d7fb',
  signal: '#f2a154',
  target: '#ffc88f',
  good: '#5cc98a',
  warn: '#e0b04a',
  bad: '#ff8a80',
  idle: '#8b929c',
};

export const sansFont = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
export const monoFont = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';
