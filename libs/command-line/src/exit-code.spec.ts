import { ConfigurationError } from '@perennial/config';
import { InvalidInput, RetryableError } from '@perennial/values';
import { failureOf } from './exit-code';

describe('how a command fails', () => {
  it.each<[Error, number, string]>([
    [new InvalidInput('STACK.IN_USE', 'Process 1 runs this stack.'), 2, 'Process 1 runs this stack. (STACK.IN_USE)'],
    [new InvalidInput('STREAM.PARTITIONS_DIFFER', 'It has 4.'), 78, 'It has 4. (STREAM.PARTITIONS_DIFFER)'],
    [new InvalidInput('CLI.NOTHING_RUNS', 'No stack runs here.'), 1, 'No stack runs here. (CLI.NOTHING_RUNS)'],
    [new InvalidInput('STORE.MISCONFIGURED', 'No such role.'), 78, 'No such role. (STORE.MISCONFIGURED)'],
    [new InvalidInput('STREAM.MISCONFIGURED', 'No grant.'), 78, 'No grant. (STREAM.MISCONFIGURED)'],
    [new ConfigurationError(['PARTITIONS: no']), 78, 'The configuration is not valid:\n  PARTITIONS: no'],
    [new RetryableError('STORE.UNREACHABLE', 'No database.'), 1, 'No database. (STORE.UNREACHABLE)'],
    [new Error('boom'), 1, 'boom'],
  ])('%s', (error, code, text) => {
    expect(failureOf(error, false)).toEqual({ code, text });
  });

  it('shows the stack for those who debug', () => {
    expect(failureOf(new Error('boom'), true).text).toMatch(/Error: boom\n\s+at /);
  });
});
