import { Checkout, type Outcome } from './checkout';
import type { Fakes } from './fakes';
import { happyPath } from './happy-path';

/** Secrets of a pipeline; REGISTRY_USER goes with them and is none. */
export const secrets = {
  REGISTRY_USER: 'robot',
  REGISTRY_PASSWORD: 'correct-horse',
  COSIGN_PRIVATE_KEY: '-----BEGIN KEY-----\nc2VjcmV0LWtleQ==\n-----END KEY-----',
  COSIGN_PASSWORD: 'battery-staple',
  GITHUB_TOKEN: 'ghs_0123456789',
};

/** One clone a file, fresh fakes a test. */
export class Scenario {
  readonly checkout = new Checkout();
  fakes: Fakes = this.checkout.fakes().on(...happyPath);

  /** Programs that all do well. */
  reset(): void {
    this.fakes = this.checkout.fakes().on(...happyPath);
  }

  release(args: readonly string[], env: Readonly<Record<string, string>> = secrets): Promise<Outcome> {
    return this.checkout.release(args, this.fakes, env);
  }

  linesOf(pattern: RegExp): readonly string[] {
    return this.fakes.lines().filter((line) => pattern.test(line));
  }

  /** Names of the secrets that show in a text or in the arguments of any program. */
  leaks(shown: string): readonly string[] {
    const everywhere = [shown, ...this.fakes.lines()].join('\n');
    return Object.entries(secrets)
      .filter(([name]) => name !== 'REGISTRY_USER')
      .filter(([, value]) => value.split('\n').some((line) => line.length > 5 && everywhere.includes(line)))
      .map(([name]) => name);
  }
}
