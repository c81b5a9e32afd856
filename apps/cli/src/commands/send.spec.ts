import { createTerminal, failureOf } from '@perennial/command-line';
import { sendCommand } from './send';

const silent = createTerminal(
  () => undefined,
  () => undefined,
);

it.each([
  ['2024-02-30T00:00:00Z', 'names 30 February 2024, which does not exist'],
  ['2024-02-03T00:00:00', 'without a zone: add Z for UTC'],
  ['yesterday', 'write it with a zone'],
])('send --at %s is refused with its remedy', async (at, remedy) => {
  const error = await sendCommand(silent)
    .exitOverride()
    .parseAsync(['node', 'send', 'c1', 'Order Completed', '--at', at])
    .catch((failure: unknown) => failure);
  expect(failureOf(error, false)).toMatchObject({ code: 2, text: expect.stringContaining(remedy) as string });
});
