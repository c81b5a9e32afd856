import type { TenantId } from '@perennial/values';
import type { ImportStatus } from '@perennial/importer';
import type { Terminal } from '@perennial/command-line';
import { importCommand } from '../commands/import';
import { describeGivenUp, givenUpJson } from './give-up-import';
import { whereItStands } from './import-into';

const status: ImportStatus = {
  tenant: 'acme' as TenantId,
  input: 'orders.csv',
  fingerprint: 'a1',
  ending: 'wall',
  newest: 1,
  total: 2_800,
  acknowledged: 1_200,
  phase: 'done',
  startedBy: null,
  startedAt: null,
};

describe('an import that is given up', () => {
  it('says how many of its activities were sent', () => {
    expect(describeGivenUp('orders', { result: 'given-up', status })).toBe(
      'The import orders is given up: 1,200 of 2,800 activities were sent into tenant acme. It is live, on real time.',
    );
    expect(describeGivenUp('orders', { result: 'done-before', status })).toContain('was done before: 1,200 of 2,800');
    expect(givenUpJson('orders', { result: 'given-up', status })).toEqual({
      ...{ name: 'orders', tenant: 'acme', ending: 'wall' },
      ...{ result: 'given-up', total: 2_800, acknowledged: 1_200 },
    });
    expect(whereItStands('orders', { ...status, phase: 'clock' })).toContain('with 1200 of its 2800 activities');
  });
});

describe('perennial import', () => {
  const refusal = async (...args: readonly string[]): Promise<string> => {
    const terminal: Terminal = {
      out: () => undefined,
      json: () => undefined,
      say: () => undefined,
      text: () => undefined,
    };
    const command = importCommand(terminal)
      .exitOverride()
      .configureOutput({ writeErr: () => undefined });
    return command.parseAsync(args, { from: 'user' }).then(
      () => 'accepted',
      (error: unknown) => String(error),
    );
  };

  it('needs an input, unless it is given up: then there is none, and a name', async () => {
    expect(await refusal('--name', 'orders')).toContain("required option '--input <file|query>' not specified");
    expect(await refusal('--give-up')).toContain('Say which import is given up: --name NAME');
    expect(await refusal('--give-up', '--name', 'orders', '--input', 'a.csv')).toContain('cannot be used with option');
    expect(await refusal('--give-up', '--name', 'orders', '--late')).toContain('cannot be used with option');
  });
});
