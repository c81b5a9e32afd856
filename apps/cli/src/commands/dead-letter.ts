import { DEAD_LETTER_CAUSES, type DeadLetterCause } from '@perennial/contracts';
import { InvalidInput } from '@perennial/values';
import { Command, Option } from 'commander';
import type { Terminal } from '@perennial/command-line';
import { withConnection } from '../connection';
import { describeDeadLetter, jsonOf, lineOf } from '../dead-letter/describe-dead-letter';
import { type Choice, findDeadLetters, parseIdentity } from '../dead-letter/find-dead-letters';
import { replayDeadLetters } from '../dead-letter/replay-dead-letters';
import { operator } from '../operator';
import { wholeNumber } from '../arguments';

interface Filter {
  readonly cause?: DeadLetterCause;
  readonly tenant?: string;
  readonly limit?: number;
  readonly all: boolean;
  readonly json: boolean;
}

const LISTED = 50;

const HELP = `
A dead letter is a record of the activity topic that could not be processed. It stays, byte for byte, in the dead-letter
topic for as long as that keeps its records. Put right what its cause says, then replay it: the engine takes it as if it came
late, and knows a repeat by its id. What was replayed or dropped is remembered and not offered again.

Examples:
  perennial dead-letter list --cause no-definition
  perennial dead-letter show 0:512
  perennial dead-letter replay 0:512 3:77
  perennial dead-letter replay --cause no-definition
  perennial dead-letter drop 0:512 --reason "load test of 3 May"`;

export function deadLetterCommand(terminal: Terminal): Command {
  return new Command('dead-letter')
    .description('look at, replay or drop what could not be processed')
    .addHelpText('after', HELP)
    .addCommand(listCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(replayCommand(terminal))
    .addCommand(dropCommand(terminal));
}

function listCommand(terminal: Terminal): Command {
  return filtered(new Command('list').description('id, time, cause, key and detail of each that waits, oldest first'))
    .option('--all', 'also those that were replayed or dropped', false)
    .action((filter: Filter) =>
      withConnection(terminal, async (connection) => {
        const limit = filter.limit ?? LISTED;
        let count = 0;
        for await (const page of findDeadLetters(connection, { ...chosen(filter, filter.all), ids: null, limit })) {
          for (const found of page)
            if (filter.json) terminal.json(jsonOf(found, false));
            else terminal.out(lineOf(found));
          count += page.length;
        }
        if (count === 0) terminal.say('No dead letter waits.');
        if (count === limit) terminal.say(`The first ${limit}; --limit shows more.`);
      }),
    );
}

function showCommand(terminal: Terminal): Command {
  return new Command('show')
    .description('everything about one, its value included')
    .argument('<id>', 'as `list` shows it')
    .option('--json', 'print it as one line of JSON', false)
    .action((id: string, { json }: { readonly json: boolean }) =>
      withConnection(terminal, async (connection) => {
        for await (const page of findDeadLetters(connection, byIds([id])))
          for (const found of page)
            if (json) terminal.json(jsonOf(found, true));
            else terminal.out(...describeDeadLetter(found));
      }),
    );
}

function replayCommand(terminal: Terminal): Command {
  return filtered(new Command('replay').description('send them back to the activity topic, each once'))
    .argument('[ids...]', 'as `list` shows them')
    .option('--all', 'all that wait', false)
    .action((ids: readonly string[], filter: Filter) =>
      withConnection(terminal, async (connection) => {
        const choice = replayChoice(ids, filter);
        const replayed = await replayDeadLetters(connection, findDeadLetters(connection, choice), operator());
        const { sent, found, busy, settled, hopeless } = replayed;
        if (filter.json) terminal.json(JSON.stringify(replayed));
        else terminal.out(`replayed ${sent + found}`);
        if (found > 0) terminal.say(`${found} of them had been sent by a replay that did not end.`);
        if (hopeless > 0) terminal.say(`${hopeless} too large to be taken: left as they are; drop them.`);
        if (settled > 0) terminal.say(`${settled} had been replayed or dropped before.`);
        if (busy > 0)
          throw new Error(
            `${busy} are being replayed by somebody else, or were until a moment ago; try again in two minutes.`,
          );
      }),
    );
}

function dropCommand(terminal: Terminal): Command {
  return new Command('drop')
    .description('say that they need not be processed; they stay in the topic')
    .argument('<ids...>', 'as `list` shows them')
    .requiredOption('--reason <text>', 'why; it is kept')
    .option('--json', 'print the result as one line of JSON', false)
    .action((ids: readonly string[], { reason, json }: { readonly reason: string; readonly json: boolean }) =>
      withConnection(terminal, async (connection) => {
        if (reason.trim() === '')
          throw new InvalidInput('CLI.NO_REASON', '--reason is empty; say why, for who asks later.');
        const choice = byIds(ids);
        const there: string[] = [];
        for await (const page of findDeadLetters(connection, choice)) there.push(...page.map(lineOf));
        const dropped = await connection.deadLetters.drop(choice.ids, operator(), reason.trim());
        if (json) terminal.json(JSON.stringify({ dropped }));
        else terminal.out(`dropped ${dropped}`);
        if (dropped < there.length) terminal.say(`${there.length - dropped} had been settled before.`);
      }),
    );
}

const filtered = (command: Command): Command =>
  command
    .addOption(new Option('--cause <cause>', 'only with this cause').choices(DEAD_LETTER_CAUSES))
    .option('--tenant <tenant>', 'only of this tenant')
    .option('--limit <n>', 'at most so many', wholeNumber)
    .option('--json', 'print results as lines of JSON', false);

const chosen = ({ cause, tenant }: Filter, settled: boolean) => ({
  cause: cause ?? null,
  tenant: tenant ?? null,
  settled,
});

const byIds = (ids: readonly string[]) =>
  ({ ids: ids.map(parseIdentity), cause: null, tenant: null, settled: true, limit: Infinity }) as const;

function replayChoice(ids: readonly string[], filter: Filter): Choice {
  const { cause, all, limit = Infinity } = filter;
  const ways = [ids.length > 0, cause !== undefined, all].filter(Boolean).length;
  if (ways !== 1) throw new InvalidInput('CLI.WHICH_DEAD_LETTERS', 'Say which: ids, or --cause, or --all.');
  return { ...chosen(filter, ids.length > 0), ids: ids.length > 0 ? ids.map(parseIdentity) : null, limit };
}
