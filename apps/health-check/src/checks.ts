import type { Check } from './check';

export interface CheckTargets {
  readonly backendUrl: string;
  readonly dataUrl: string;
  /** Environment of the external logs. */
  readonly environment: string;
}

export function createChecks({ backendUrl, dataUrl, environment }: CheckTargets): readonly Check[] {
  const download = new URL(backendUrl);
  download.pathname = `${download.pathname.replace(/\/$/, '')}/download_external_logs`;
  download.searchParams.set('env', environment);
  return [
    { name: 'backend-api', url: backendUrl },
    { name: 'external-logs', url: download.href },
    { name: 'data-api', url: dataUrl },
  ];
}
