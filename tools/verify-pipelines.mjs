// Pipelines and GitOps: valid, agreeing with the charts, the playbooks and tools/release.mjs. One line a check; nothing of it needs a network
// once .cache/pipelines is filled.
import { root } from './node.mjs';
import { checks, runCheck } from './pipelines/checks.mjs';

let failed = 0;
for (const name of Object.keys(checks)) {
  const { problems, skipped } = await runCheck(name, root);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) failed += 1;
  console.log(
    problems.length > 0
      ? `FAILED ${name}: ${problems.length}`
      : skipped
        ? `skipped: ${name}: ${skipped}`
        : `ok ${name}`,
  );
}
process.exit(failed === 0 ? 0 : 1);
