import type { Command } from 'commander';
import type { Terminal } from '@perennial/command-line';
import { collectorCommand } from './commands/collector';
import { customerCommand } from './commands/customer';
import { deadLetterCommand } from './commands/dead-letter';
import { definitionCommand } from './commands/definition';
import { doctorCommand } from './commands/doctor';
import { engineCommand } from './commands/engine';
import { initCommand } from './commands/init';
import { importCommand } from './commands/import';
import { replayCommand } from './commands/replay';
import { sendCommand } from './commands/send';
import { startCommand } from './commands/start';
import { tenantCommand } from './commands/tenant';
import { testCommand } from './commands/test';
import { upCommand } from './commands/up';
import { watchCommand } from './commands/watch';
import { writeKeyCommand } from './commands/write-key';

/**
 * Makes a command. Libraries that take a while to load (`await import('@perennial/definition')`, stream, store,
 * history) are imported when it runs, so that `--help` stays quick.
 */
export type CommandFactory = (terminal: Terminal) => Command;

/** Every command, in the order of `--help`. */
export const commands: readonly CommandFactory[] = [
  startCommand,
  upCommand,
  engineCommand,
  collectorCommand,
  importCommand,
  sendCommand,
  watchCommand,
  customerCommand,
  deadLetterCommand,
  doctorCommand,
  initCommand,
  definitionCommand,
  testCommand,
  tenantCommand,
  writeKeyCommand,
  replayCommand,
];
