/**
 * kafkajs 2.2.4 sets a timer with a negative delay once per connection under load; Node 24 warns about it once per process
 * (tulios/kafkajs#1751). The timer fires at once, which is what kafkajs wants: only this warning is dropped, by its name.
 */
const harmless = new Set(['TimeoutNegativeWarning']);
let installed = false;

export function dropKnownWarnings(): void {
  if (installed) return;
  installed = true;
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    const [options] = rest;
    const name =
      warning instanceof Error
        ? warning.name
        : typeof options === 'string'
          ? options
          : (options as { type?: string } | undefined)?.type;
    if (name === undefined || !harmless.has(name)) emit(warning, ...rest);
  }) as typeof process.emitWarning;
}
