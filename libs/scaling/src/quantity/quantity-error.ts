/** A text that is not a Kubernetes quantity. */
export class QuantityError extends Error {
  readonly code = 'BadQuantity';
  /** Path of the field, as in `spec.metrics[0].external.target.averageValue`. */
  readonly field: string;
  readonly given: unknown;

  constructor(field: string, given: unknown, problem: string) {
    super(
      `${field}: ${typeof given === 'string' ? JSON.stringify(given) : `a ${given === null ? 'null' : typeof given}`} ${problem}; ` +
        'allowed: a decimal number with one of n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or an exponent such as e3',
    );
    this.name = 'QuantityError';
    this.field = field;
    this.given = given;
  }
}
