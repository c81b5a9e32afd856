import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '@perennial/dev-stack';

const program = join(repository, 'apps/cli/bin/perennial.js');
const RETAIL = readFileSync(join(repository, 'libs/definition/templates/retail.yaml'));

/** What is given as `input` arrives by a socket, which cannot be opened by a path. */
function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    input: RETAIL,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('stdin that is a socket', () => {
  it.each(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'])('is read as a definition: %s', (file) => {
    const { status, stdout } = run('definition', 'validate', file);
    expect([status, stdout]).toEqual([0, `${file}: valid (retail version 1)\n`]);
  });

  it('is read as the definition of a replay', () => {
    const input = "SELECT 'c' AS \"customerId\", 'Order Completed' AS event, TIMESTAMP '2024-01-01' AS timestamp";
    expect(run('replay', '--definition', '-', '--input', input)).toMatchObject({ status: 0 });
  });
});
