const reference = /\$\$|\$\(([^()\s]+)\)/g;

/** Kubernetes' `$(NAME)`: replaced when known, left as it stands when not; `$$` is a plain `$`. */
export function expand(text: string, variable: (name: string) => string | undefined): string {
  if (!text.includes('$')) return text;
  return text.replace(reference, (found, name: string | undefined) =>
    name === undefined ? '$' : (variable(name) ?? found),
  );
}

/** Whether any of the texts asks for `$(NAME)`. */
export function refersTo(name: string, texts: readonly (string | undefined)[]): boolean {
  return texts.some((text) => text?.replaceAll('$$', '').includes(`$(${name})`));
}
