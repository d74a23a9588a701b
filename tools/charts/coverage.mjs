// Coverage of one chart's values as JSON: node tools/charts/coverage.mjs CHART [--sabotage]
import { findHelm } from './helm.mjs';
import { coverage } from './values-coverage.mjs';

const [chart, sabotage] = process.argv.slice(2);
const helm = findHelm();
if (helm.skipped) {
  console.log(JSON.stringify(helm));
  process.exit(0);
}
// A key that the templates do not know: it must show as unchanged, or this check cannot fail.
const withUnusedKey = (schema) => ({
  ...schema,
  properties: { ...schema.properties, unused: { type: 'boolean', description: 'Not in any template.' } },
});
console.log(JSON.stringify(coverage(helm, chart, sabotage === '--sabotage' ? withUnusedKey : undefined)));
