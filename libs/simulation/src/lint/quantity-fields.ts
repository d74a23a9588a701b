import { formatPath } from '@scalelab/manifests';
import { parseQuantity, QuantityError } from '@scalelab/scaling';
import type { LintedFile } from './lint';
import { SourceLines } from './source-lines';
import { fieldsOf, listOf, type Path } from './subject';

export interface BadQuantity {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** The first quantity of requests, limits or metric targets that Kubernetes would not take. */
export function badQuantity(files: readonly LintedFile[]): BadQuantity | undefined {
  for (const { file, text, objects } of files) {
    for (const { object, line, file: name } of objects) {
      for (const [path, value] of quantitiesOf(fieldsOf(object.spec))) {
        try {
          parseQuantity(String(value), formatPath(path));
        } catch (error) {
          if (!(error instanceof QuantityError)) throw error;
          return {
            file: name === '' ? file : name,
            line: new SourceLines(text).lineOf(line, path),
            message: error.message,
          };
        }
      }
    }
  }
  return undefined;
}

function* quantitiesOf(spec: ReturnType<typeof fieldsOf>): Generator<readonly [Path, unknown]> {
  for (const [i, metric] of listOf(spec.metrics).entries())
    for (const source of ['resource', 'containerResource', 'pods', 'object', 'external'])
      for (const key of ['value', 'averageValue']) {
        const value = fieldsOf(fieldsOf(metric[source]).target)[key];
        if (value !== undefined) yield [['spec', 'metrics', i, source, 'target', key], value];
      }
  for (const list of ['initContainers', 'containers'])
    for (const [i, container] of listOf(fieldsOf(fieldsOf(spec.template).spec)[list]).entries())
      for (const part of ['requests', 'limits'])
        for (const [resource, value] of Object.entries(fieldsOf(fieldsOf(container.resources)[part])))
          yield [['spec', 'template', 'spec', list, i, 'resources', part, resource], value];
}
