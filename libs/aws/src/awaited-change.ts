import type { Clock } from './clock';

/** Lets code wait for a condition on state that says when it changed. */
export class AwaitedChange {
  private looks: (() => void)[] = [];

  constructor(private readonly clock: Clock) {}

  /** The state changed: conditions are looked at again. */
  announce(): void {
    for (const look of this.looks) look();
  }

  /** Resolves when the condition holds or the clock reaches `endMs`. */
  until(holds: () => boolean, endMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (holds()) return resolve();
      const done = () => {
        cancel();
        this.looks = this.looks.filter((other) => other !== look);
        resolve();
      };
      const look = () => {
        if (holds()) done();
      };
      const cancel = this.clock.wakeAt(endMs, done);
      this.looks.push(look);
    });
  }
}
