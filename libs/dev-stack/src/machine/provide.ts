import { readEnvironment, type ToolEnvironment, toolEnvironment } from '@perennial/config';
import { failureOf } from '@perennial/command-line';
import { type Machine, thisMachine } from './machine';
import {
  aptPackages,
  lackingForCi,
  lackingForKafka,
  lackingForTests,
  type Need,
  NEED_NAMES,
  remedyFor,
} from './requirements';

interface Wish {
  readonly yes: boolean;
}

/**
 * Installs what the stack's own Kafka needs, if it may. A wrong environment ends the process. What is still missing is told by
 * the stack, once it knows what it runs on instead.
 */
export function provideForKafka(wish: Wish): Promise<readonly Need[]> {
  return provideWhat(wish, lackingForKafka, false);
}

/** Installs what the tests need, if it may, and tells what is still missing. */
export function provideForTests(wish: Wish): Promise<readonly Need[]> {
  return provideWhat(wish, (environment) => lackingForTests(environment, thisMachine), true);
}

/** Installs what the tests of `npm run test:ci` need, if it may, and tells what is still missing. */
export function provideForCi(wish: Wish): Promise<readonly Need[]> {
  return provideWhat(wish, (environment) => lackingForCi(environment, thisMachine), true);
}

async function provideWhat(
  { yes }: Wish,
  lacking: (environment: ToolEnvironment) => readonly Need[],
  tells: boolean,
): Promise<readonly Need[]> {
  try {
    const environment = readEnvironment(toolEnvironment);
    return await provide({
      yes: yes || environment.ci,
      lacking: () => lacking(environment),
      machine: thisMachine,
      tells,
    });
  } catch (error) {
    const { code, text } = failureOf(error, false);
    thisMachine.say(text ?? '');
    return process.exit(code);
  }
}

interface ProvideOptions {
  /** Installs without asking. */
  readonly yes: boolean;
  /** What is missing now; called again after an installation. */
  readonly lacking: () => readonly Need[];
  readonly machine: Machine;
  /** Whether to print the command to type when nothing was installed; false where the caller prints it. */
  readonly tells: boolean;
}

/**
 * Installs what npm cannot bring: with apt-get if this is root and the user agrees (or `yes`), else it prints the one command to
 * type. Returns what is still missing.
 */
export async function provide({ yes, lacking, machine, tells }: ProvideOptions): Promise<readonly Need[]> {
  const needs = lacking();
  if (needs.length === 0) return needs;
  const names = needs.map((need) => NEED_NAMES[need]).join(' and ');
  const left = (): readonly Need[] => (tells ? tell(`${names} not found.`, needs, machine) : needs);
  if (!machine.root || !machine.has('apt-get')) return left();
  const agreed = yes || ((await machine.ask(`${names} not found. Install with apt-get now?`)) ?? false);
  if (!agreed) return left();
  machine.say(`Installing ${names}.`);
  // The lists of a fresh machine are empty or old: without an update the packages may not be found.
  const installed =
    machine.run('apt-get', ['update', '-q']) &&
    machine.run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...aptPackages(needs, machine)]);
  const still = lacking();
  return installed && still.length === 0 ? still : tell('apt-get did not bring everything.', still, machine);
}

function tell(what: string, needs: readonly Need[], machine: Machine): readonly Need[] {
  if (needs.length > 0) machine.say(`${what} To install: ${remedyFor(needs, machine)}`);
  return needs;
}
