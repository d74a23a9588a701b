import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { splitCommand } from './command-line';

/** What runs for an image: its entry point as a local command. */
export interface ImageCommand {
  /** Program and arguments; a container's `command` replaces all of them, its `args` are put behind. */
  readonly words: readonly string[];
  /** True for programs of others: they keep the user's HOME and are told POD_IP and PORT. */
  readonly foreign: boolean;
}

export interface ImageMapOptions {
  /** The project's folder: `<registry>/<service>:<tag>` runs `<root>/apps/<service>/dist/main.cjs`. */
  readonly root: string;
  /** Node to run the project's own services with. Default: the one that runs the lab. */
  readonly node?: string;
  /** Options of Node for the project's own services, for example `--max-semi-space-size=2`. Default none. */
  readonly nodeOptions?: readonly string[];
}

/** Where images come from on a machine without a container runtime. */
export class ImageMap {
  private readonly added = new Map<string, ImageCommand>();

  constructor(private readonly options: ImageMapOptions) {}

  /**
   * Adds an image: a name with or without registry and tag, and a command line. Words that name an existing file below `folder` become
   * absolute, since a pod has a folder of its own.
   * @throws Error when name or command is empty or a quote is left open
   */
  add(name: string, command: string, folder = process.cwd()): void {
    const words = splitCommand(command);
    if (name === '' || words.length === 0) {
      throw new Error(`an image needs NAME=COMMAND, both not empty, got "${name}=${command}"`);
    }
    const located = words.map((word, index) => locate(word, index, folder));
    this.added.set(name, { words: located, foreign: true });
  }

  /** `NAME=COMMAND`, as `--image` takes it. */
  addFlag(flag: string, folder?: string): void {
    const equals = flag.indexOf('=');
    if (equals < 1) throw new Error(`--image takes NAME=COMMAND, got "${flag}"`);
    this.add(flag.slice(0, equals), flag.slice(equals + 1), folder);
  }

  /** The command of an image, or undefined when it cannot be had. */
  resolve(image: string): ImageCommand | undefined {
    const untagged = image.replace(/@sha256:[0-9a-f]+$/, '').replace(/:[^/:]+$/, '');
    const short = untagged.slice(untagged.lastIndexOf('/') + 1);
    const added = this.added.get(image) ?? this.added.get(untagged) ?? this.added.get(short);
    if (added) return added;
    const main = join(this.options.root, 'apps', short, 'dist', 'main.cjs');
    if (!/^[a-z0-9][-a-z0-9]*$/.test(short) || !existsSync(main)) return undefined;
    return {
      words: [this.options.node ?? process.execPath, ...(this.options.nodeOptions ?? []), main],
      foreign: false,
    };
  }
}

function locate(word: string, index: number, folder: string): string {
  if (isAbsolute(word) || word.startsWith('-') || word.includes('$(')) return word;
  // A bare program name is looked up in PATH, even when a file of that name lies around.
  if (index === 0 && !word.includes('/')) return word;
  const path = resolve(folder, word);
  return existsSync(path) ? path : word;
}
