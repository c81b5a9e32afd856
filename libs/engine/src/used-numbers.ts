import { ClockPositions } from './clock-positions';
import { CommandNumbers } from './command-numbers';
import type { UsedNumberChange, UsedNumberState } from './control-state';

/** The numbers that a partition has obeyed: a signature over one of them has no effect any more. */
export class UsedNumbers {
  readonly clocks: ClockPositions;
  readonly commands: CommandNumbers;

  constructor({ clocks, commands }: UsedNumberState) {
    this.clocks = new ClockPositions(clocks);
    this.commands = new CommandNumbers(commands);
  }

  /** What changed since the last call, for the commit. */
  takeChanged(): UsedNumberChange {
    return { clocks: this.clocks.takeChanged(), ...this.commands.takeChanged() };
  }
}
