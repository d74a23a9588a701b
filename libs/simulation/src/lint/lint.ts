import type { LoadedManifest } from '@scalelab/manifests';
import { Alternatives } from './alternatives';
import type { Finding } from './finding';
import * as deadBand from './dead-band-checks';
import * as formula from './formula-checks';
import * as job from './job-checks';
import * as partition from './partition-checks';
import * as pause from './pause-checks';
import * as request from './request-checks';
import { SourceLines } from './source-lines';
import * as speed from './speed-checks';
import { Autoscaler, type Check, type Draft, type LintFacts } from './subject';
import * as trigger from './trigger-checks';
import * as workload from './workload-checks';
import * as zero from './zero-checks';

export const lintChecks: readonly Check[] = [
  zero,
  speed,
  deadBand,
  partition,
  request,
  workload,
  formula,
  trigger,
  pause,
  job,
].flatMap((group) => Object.values(group));

const unexplained = {
  code: 'suppression-without-reason',
  level: 'error',
  title: 'a finding suppressed without a reason',
  why: 'whoever reads the manifest next must know why the finding does not matter here',
} as const;

/** All rules with what they are about, for documentation and SARIF. */
export const lintRules = [...lintChecks, unexplained].map(({ code, level, title, why }) => ({
  code,
  level,
  title,
  why,
}));

export interface LintedFile {
  readonly file: string;
  readonly text: string;
  readonly objects: readonly LoadedManifest[];
}

/** `lint.scalelab.dev/ignore: "CODE: reason; CODE: reason"` on the object that a finding is about. */
export const ignoreAnnotation = 'lint.scalelab.dev/ignore';

const kinds = ['ScaledObject', 'ScaledJob', 'HorizontalPodAutoscaler'];

/** Findings of all autoscalers in the files, seen together, in order of file and line. */
export function lint(files: readonly LintedFile[], facts: LintFacts = {}): readonly Finding[] {
  const all = files.flatMap(({ objects }) => objects);
  const lines = new Map<string, SourceLines>();
  const lineOf = ({ file, line }: LoadedManifest, path: Draft['path']): number => {
    let source = lines.get(file);
    if (!source) {
      source = new SourceLines(
        files.find((other) => other.objects.some((object) => object.file === file))?.text ?? '',
      );
      lines.set(file, source);
    }
    return source.lineOf(line, path);
  };
  const findings: Finding[] = [];
  const alternatives = new Alternatives(all);
  for (const loaded of all) {
    if (!kinds.includes(loaded.object.kind)) continue;
    const autoscaler = new Autoscaler(loaded, alternatives.beside(loaded.file), facts);
    for (const check of lintChecks)
      for (const draft of check.find(autoscaler)) {
        const at = draft.at ?? loaded;
        if (ignored(at).has(check.code) || ignored(loaded).has(check.code)) continue;
        findings.push(finding(check, at, lineOf(at, draft.path), draft.message, draft.fix));
      }
  }
  for (const loaded of all)
    for (const [code, reason] of ignored(loaded))
      if (reason === '')
        findings.push(
          finding(
            unexplained,
            loaded,
            lineOf(loaded, ['metadata', 'annotations', ignoreAnnotation]),
            `${code} is suppressed without a reason`,
            `write "${code}: why it does not matter here"`,
          ),
        );
  return findings.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
}

function finding(
  rule: Finding['rule'],
  { object, file }: LoadedManifest,
  line: number,
  message: string,
  fix: string,
): Finding {
  const { namespace = 'default', name } = object.metadata;
  return { rule, file, line, object: `${object.kind} ${namespace}/${name}`, message, fix };
}

function ignored({ object }: LoadedManifest): ReadonlyMap<string, string> {
  const text = object.metadata.annotations?.[ignoreAnnotation];
  if (text === undefined) return new Map();
  return new Map(
    text
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => {
        const [code = '', ...reason] = part.split(':');
        return [code.trim(), reason.join(':').trim()] as const;
      }),
  );
}
