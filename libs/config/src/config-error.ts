import { AppError, type FieldError } from '@scalelab/errors';

/** Every wrong variable of one environment, in one message of several lines. */
export class ConfigError extends AppError<'BadConfig'> {
  constructor(fields: readonly FieldError[]) {
    const lines = fields.map(({ field, detail }) => `  ${field}: ${detail}`);
    const count = fields.length === 1 ? '1 setting is wrong' : `${fields.length} settings are wrong`;
    super('BadConfig', `${count}:\n${lines.join('\n')}`, { fields });
  }
}
