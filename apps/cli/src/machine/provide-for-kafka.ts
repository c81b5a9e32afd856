import { readEnvironment, toolEnvironment } from '@perennial/config';
import { failureOf } from '../exit-code';
import { thisMachine } from './machine';
import type { Need } from './packages';
import { provide } from './provide';
import { lackingForKafka } from './requirements';

/** Sees to what a Kafka of our own needs on this machine. A wrong environment ends the process, as everywhere. */
export async function provideForKafka({ yes }: { readonly yes: boolean }): Promise<readonly Need[]> {
  try {
    const environment = readEnvironment(toolEnvironment);
    return await provide({
      yes: yes || environment.ci,
      lacking: () => lackingForKafka(environment),
      machine: thisMachine,
    });
  } catch (error) {
    const { code, text } = failureOf(error, false);
    thisMachine.say(text ?? '');
    return process.exit(code);
  }
}
