import { StringDecoder } from 'node:string_decoder';

/** JSON values of a stream, one a line. A last line without its end is dropped: the connection broke inside it. */
export async function* jsonLines(stream: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  const decoder = new StringDecoder('utf8');
  const parts: string[] = [];
  for await (const chunk of stream) {
    let text = decoder.write(chunk);
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      parts.push(text.slice(0, end));
      const line = parts.splice(0).join('');
      if (line.trim() !== '') yield JSON.parse(line);
      text = text.slice(end + 1);
    }
    if (text !== '') parts.push(text);
  }
}
