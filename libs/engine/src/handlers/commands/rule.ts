import type { Command, CommandType, Poison } from '@perennial/contracts';
import type { Instant } from '@perennial/values';
import type { Tenants } from '../../tenants/tenants';

/** What the rules of commands work on. */
export interface CommandContext {
  readonly tenants: Tenants;
  /** When the command was appended. */
  readonly appendedAt: Instant;
}

/** Carries a command out; a poison when it makes no sense. */
export type CommandRule<Type extends CommandType> = (
  command: Extract<Command, { readonly type: Type }>,
  context: CommandContext,
) => Poison | null;
