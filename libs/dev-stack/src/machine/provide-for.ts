import { readEnvironment, type ToolEnvironment, toolEnvironment } from '@perennial/config';
import { failureOf } from '@perennial/command-line';
import { thisMachine } from './machine';
import type { Need } from './packages';
import { provide } from './provide';
import { lackingForCi, lackingForKafka, lackingForTests } from './requirements';

interface Wish {
  readonly yes: boolean;
}

/**
 * Sees to what a Kafka of our own needs on this machine. A wrong environment ends the process, as everywhere. What still
 * lacks is told by the stack, once it knows what it runs on instead.
 */
export function provideForKafka(wish: Wish): Promise<readonly Need[]> {
  return provideWhat(wish, lackingForKafka, false);
}

/** Sees to what the tests need on this machine. */
export function provideForTests(wish: Wish): Promise<readonly Need[]> {
  return provideWhat(wish, (environment) => lackingForTests(environment, thisMachine), true);
}

/** Sees to what the tests of `npm run test:ci` need on this machine. */
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
