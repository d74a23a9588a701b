// As much of Groovy as a declarative Jenkinsfile has: comments, strings, and blocks in braces. Not a compiler; long.spec.ts has one.

/**
 * @typedef {{name: string, argument: string, text: string, blocks: Block[]}} Block
 * `argument` is what stands in parentheses before the brace, `text` all that the braces hold.
 */

/** Replaces comments by spaces; what looks like one inside a string stays. @throws Error for a string or comment without end */
export function withoutComments(source) {
  let out = '';
  for (let at = 0; at < source.length;) {
    const rest = source.slice(at);
    const [comment] = /^(\/\/[^\n]*|\/\*[\s\S]*?\*\/)/.exec(rest) ?? [];
    const [string] =
      /^('''[\s\S]*?'''|"""[\s\S]*?"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")/.exec(rest) ?? [];
    if (!comment && !string && /^(['"]|\/\*)/.test(rest))
      throw new Error(`line ${source.slice(0, at).split('\n').length}: a string or comment without end`);
    if (comment) out += comment.replace(/[^\n]/g, ' ');
    else out += string ?? source[at];
    at += (comment ?? string ?? ' ').length;
  }
  return out;
}

/** @returns {Block[]} the blocks of a text, nested. @throws Error for a brace without its partner */
export function blocksOf(source) {
  const masked = source.replace(
    /'''[\s\S]*?'''|"""[\s\S]*?"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g,
    (string) => string.replace(/[^\n]/g, '_'),
  );
  const open = [];
  const top = [];
  for (let at = 0; at < masked.length; at += 1) {
    if (masked[at] === '{') {
      const [, name = '', argument = ''] =
        /([A-Za-z_]\w*)\s*(?:\(([^(){}]*(?:\([^(){}]*\)[^(){}]*)*)\))?\s*$/.exec(masked.slice(0, at)) ?? [];
      const from = at - /\s*$/.exec(masked.slice(0, at))[0].length - (argument ? argument.length + 1 : 0);
      const block = {
        name,
        argument: argument && source.slice(from, from + argument.length),
        start: at + 1,
        blocks: [],
      };
      (open.at(-1)?.blocks ?? top).push(block);
      open.push(block);
    } else if (masked[at] === '}') {
      const block = open.pop();
      if (!block) throw new Error(`line ${source.slice(0, at).split('\n').length}: a } without its {`);
      block.text = source.slice(block.start, at);
      delete block.start;
    }
  }
  if (open.length > 0) throw new Error(`${open.at(-1).name} {: has no }`);
  return top;
}

/** Every block below some, with the path of names to it. */
export function walk(blocks, path = []) {
  return blocks.flatMap((block) => [
    { block, path: [...path, block.name] },
    ...walk(block.blocks, [...path, block.name]),
  ]);
}

/** Arguments of `sh`, with the quote that they are in. */
export function shells(text) {
  return [...text.matchAll(/\bsh\s*\(?\s*(?:script:\s*)?('''|"""|'|")((?:\\.|(?!\1)[\s\S])*)\1/g)].map(
    ([, quote, script]) => ({
      quote,
      script: script.replace(/\\(.)/g, '$1').trim(),
    }),
  );
}
