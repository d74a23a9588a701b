/**
 * Splits a command into words as a shell would: blanks separate, single and double quotes group, a backslash takes the next
 * character as it is. Nothing is expanded; pipes and variables need `sh -c '...'`.
 * @throws Error when a quote is left open
 */
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
      else if (character === '\\' && quote === '"' && '"\\$`'.includes(text[i + 1] ?? ' '))
        word += text[++i] ?? '';
      else word += character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= '';
    } else if (character === '\\') {
      word = (word ?? '') + (text[++i] ?? '');
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== '') throw new Error(`the command has an open ${quote} quote: ${text}`);
  if (word !== undefined) words.push(word);
  return words;
}
