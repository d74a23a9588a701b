import { ModelError, readModel, type WorkloadModel } from '@scalelab/simulation';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { badInput } from './command-error';
import { readText } from './input-file';

/** A workload model out of a YAML or JSON file. @throws CommandError with file and line of the field */
export function readModelFile(file: string): WorkloadModel {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false });
  const [syntax] = document.errors;
  if (syntax) throw badInput(`${file}:${lines.linePos(syntax.pos[0]).line}: YAML: ${syntax.message}`);
  try {
    return readModel(document.toJS());
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const pair = isMap(document.contents)
      ? document.contents.items.find(({ key }) => isScalar(key) && key.value === error.field)
      : undefined;
    const offset = pair && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
    throw badInput(`${file}:${lines.linePos(offset ?? 0).line || 1}: ${error.message}`, error);
  }
}
