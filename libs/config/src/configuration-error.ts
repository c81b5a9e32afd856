import { InvalidInput } from '@perennial/values';

/** The environment is wrong. One message names all problems and their remedies; programs end with exit code 78. */
export class ConfigurationError extends InvalidInput {
  constructor(readonly problems: readonly string[]) {
    super(
      'CONFIG.INVALID',
      ['The configuration is not valid:', ...problems.map((problem) => `  ${problem}`)].join('\n'),
    );
  }
}
