/** A command: its number is used up, and the rule of its type carries it out. */
import type { Command, CommandType, LogRecord, Poison } from '@perennial/contracts';
import type { LifecycleBatch } from '../lifecycle-types';
import type { ReceivedCommand } from '../receive';
import type { Tenants } from '../tenants/tenants';
import { type CommandNumbers, KEPT_NUMBERS } from '../used-numbers';
import { endBootstrap } from './commands/end-bootstrap';
import { publishDefinition } from './commands/publish-definition';
import type { CommandContext, CommandRule } from './commands/rule';
import { setTimeSource } from './commands/set-time-source';
import { startBootstrap } from './commands/start-bootstrap';
import { deadLetter } from './input-ref';

const RULES: { readonly [Type in CommandType]: CommandRule<Type> } = {
  'perennial.command.set-time-source.v1': setTimeSource,
  'perennial.command.start-bootstrap.v1': startBootstrap,
  'perennial.command.end-bootstrap.v1': endBootstrap,
  'perennial.command.publish-definition.v1': publishDefinition,
};

/** Carries out the commands of one partition; refused ones become dead letters. */
export class CommandHandler {
  constructor(
    private readonly partition: number,
    private readonly tenants: Tenants,
    private readonly numbers: CommandNumbers,
  ) {}

  /** The number is used up also when the command makes no sense. */
  handle(batch: LifecycleBatch, record: LogRecord, { command, number }: ReceivedCommand): void {
    const isNew = this.numbers.use(number);
    const refused = isNew ? obey(command, { tenants: this.tenants, appendedAt: record.timestamp }) : repeated;
    if (refused !== null) deadLetter(batch, record, this.partition, refused);
    if (isNew) batch.deadlinesUnknown = true;
  }
}

/** The registry gives each type its own rule, which the compiler cannot follow through a union. */
const obey = (command: Command, context: CommandContext): Poison | null =>
  (RULES[command.type] as (command: Command, context: CommandContext) => Poison | null)(command, context);

const repeated: Poison = {
  kind: 'poison',
  cause: 'repeated-command',
  detail: `the command's number was used in this partition before, or is below the last ${KEPT_NUMBERS} that it keeps: send the command anew through perennial`,
};
