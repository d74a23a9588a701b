/** What went wrong in a release, at which step, and what to do about it. */
export class StepError extends Error {
  /**
   * @param {string} step what was being done, for example `push http-demo`
   * @param {string} message what went wrong
   * @param {string} cure what to do about it
   * @param {{code?: 'input' | 'tool' | 'cluster' | 'step', cause?: unknown}} [options] `input` ends with exit code 2, the others with 1
   */
  constructor(step, message, cure, { code = 'step', cause } = {}) {
    super(message, { cause });
    this.name = 'StepError';
    this.step = step;
    this.cure = cure;
    this.code = code;
  }

  get exitCode() {
    return this.code === 'input' ? 2 : 1;
  }
}
