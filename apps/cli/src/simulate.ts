import { encodeRecording } from '@scalelab/recording';
import { simulate as run, type ScalingTarget } from '@scalelab/simulation';
import type { Command } from './command';
import { usageError } from './command-error';
import { compareTargets } from './compare';
import { writeText } from './input-file';
import { optionsOf, readRequest, requestOptions, targetOf } from './simulation-request';
import { recordSimulation, simulationPage } from './simulation-page';
import { simulationText } from './simulation-text';
import { sweep } from './sweep';

export const simulate: Command = {
  name: 'simulate',
  operands: '-f FILE... --load TRACE [--model FILE]',
  about: 'what an autoscaler would do with a load, decision by decision, in virtual time',
  options: {
    ...requestOptions,
    json: { type: 'string', value: 'FILE', about: 'write everything as JSON (- for standard output)' },
    html: { type: 'string', value: 'FILE', about: 'write one self-contained page with plots' },
    record: {
      type: 'string',
      value: 'FILE',
      about: 'write the run as a recording, which replay decides again',
    },
    compare: {
      type: 'boolean',
      about: 'two manifest files A B behind the options: the same load under both',
    },
    sweep: {
      type: 'string',
      multiple: true,
      value: 'PATH=A,B,C',
      about: 'try values: trigger.threshold=5,10 maxReplicaCount=10,20 behavior.scaleDown...=0,300',
    },
    recommend: {
      type: 'boolean',
      about: 'the cheapest configuration that holds --slo (tries --sweep, or values around the manifest)',
    },
    slo: { type: 'string', value: 'SLO', about: "for example 'p95 age < 30s and max backlog < 500'" },
  },
  notes: [
    'Generators: constant:20/10m ramp:0..500/10m spike:5..200/20m,at=2m,for=60s sine:0..100/1h,period=10m',
    '            poisson:20/10m,seed=7 daily:5..80,peak=14h,noise=0.2',
    'Without --model the load is what the triggers read. With it, items a second arrive, wait, and are worked on.',
    'Model (YAML): serviceSeconds concurrency startUpSeconds readinessSeconds partitions failureRate',
    '              cpuMilliPerItem signal signalScale initialBacklog',
  ],
  run(args, terminal) {
    if (args.flag('compare')) return compareTargets(args, terminal);
    if (args.flag('recommend') && args.text('slo') === undefined)
      throw usageError("simulate: --recommend needs --slo, for example --slo 'p95 age < 30s'");
    if (args.texts('sweep').length > 0 || args.flag('recommend'))
      return sweep(
        args,
        readRequest('simulate', args, targetOf(filesOf(args.texts('file')), args.text('name'))),
        terminal,
      );
    const request = readRequest('simulate', args);
    const simulation = run(optionsOf(request));
    const json = args.text('json');
    if (json !== '-') for (const line of simulationText(request, simulation, terminal)) terminal.out(line);
    if (json !== undefined) {
      const text = JSON.stringify(
        {
          load: request.loadNames,
          model: request.model ?? null,
          autoscaler: request.target.object,
          ...simulation,
        },
        null,
        1,
      );
      if (json === '-') terminal.out(text);
      else writeText(json, `${text}\n`);
    }
    const record = args.text('record');
    if (record !== undefined)
      writeText(record, encodeRecording(recordSimulation({ label: recordedName(request.target), request })));
    const html = args.text('html');
    if (html !== undefined) {
      writeText(
        html,
        simulationPage('What it would do, and why', [{ label: request.target.name, request, simulation }]),
      );
      if (json !== '-') terminal.out(`page: ${html}`);
    }
    return 0;
  },
};

/** As recordings name a workload: what is scaled, not what scales it. */
function recordedName(target: ScalingTarget): string {
  return target.kind === 'ScaledJob' ? target.name : target.object.spec.scaleTargetRef.name;
}

function filesOf(files: readonly string[]): readonly string[] {
  if (files.length === 0) throw usageError('simulate: -f FILE is missing');
  return files;
}
