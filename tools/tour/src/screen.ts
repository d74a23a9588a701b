import type { Row } from './board';
import { plainLine, table } from './table';

export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Shows the rows: redrawn in place on a terminal, one plain line a change elsewhere. */
export class Screen {
  private drawn = 0;
  private readonly last = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly output: Output,
    private readonly rows: () => readonly Row[],
    private readonly seconds: () => number,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.draw(), this.output.isTTY ? 500 : 1_000);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.draw();
  }

  /** Writes a line above the table. */
  say(text: string): void {
    this.erase();
    this.output.write(`${text}\n`);
    if (this.timer && this.output.isTTY) this.draw();
  }

  private draw(): void {
    if (!this.output.isTTY) return this.drawPlain();
    const lines = table(this.rows(), { width: this.output.columns ?? 100, color: !this.env.NO_COLOR });
    this.erase();
    this.output.write(`${lines.join('\n')}\n`);
    this.drawn = lines.length;
  }

  private erase(): void {
    if (this.drawn > 0) this.output.write(`\u001b[${this.drawn}A\u001b[0J`);
    this.drawn = 0;
  }

  /** A line only when wants, ready or reason changed: a log of what happened, not of the clock. */
  private drawPlain(): void {
    for (const row of this.rows()) {
      const key = `${row.desired} ${row.ready} ${row.why.replace(/\d+(\.\d+)?/g, '#')}`;
      if (row.desired === null || this.last.get(row.name) === key) continue;
      this.last.set(row.name, key);
      this.output.write(`${plainLine(this.seconds(), row)}\n`);
    }
  }
}
