import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const tools = join(__dirname, '../..');

/**
 * The tools are ES modules, which Jest does not load: runs an expression over one in a Node of its own.
 * @param module path below tools/  @param expression sees the module as `m` and `input`
 * @throws the expression's error, by its message
 */
export function evaluate(module: string, expression: string, input?: unknown): unknown {
  const script = `
    import * as m from ${JSON.stringify(pathToFileURL(join(tools, module)).href)};
    const input = JSON.parse(process.argv[1]);
    try {
      console.log(JSON.stringify({ value: (${expression}) ?? null }));
    } catch (error) {
      console.log(JSON.stringify({ error: error.message }));
    }`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script, JSON.stringify(input ?? null)],
    { encoding: 'utf8' },
  );
  if (!stdout) throw new Error(stderr);
  const { value, error } = JSON.parse(stdout) as { value?: unknown; error?: string };
  if (error !== undefined) throw new Error(error);
  return value;
}
