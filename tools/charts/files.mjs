// Every file of charts/ that is made from others, as it should be: path -> content.
import { charts, releases } from './releases.mjs';
import { render } from './render.mjs';
import { valuesSchema } from './values-schema.mjs';

export function schemaFiles() {
  return new Map(
    charts.map((chart) => [
      `charts/${chart}/values.schema.json`,
      `${JSON.stringify(valuesSchema(chart), null, 2)}\n`,
    ]),
  );
}

/** After the schemas are in place: Helm reads them. */
export function renderedFiles(helm) {
  return new Map(
    releases().map((row) => [`charts/${row.chart}/rendered/${row.file}`, render(helm, row)]),
  );
}
