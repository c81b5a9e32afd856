import type { LogChoice } from '@perennial/config';
import { InvalidInput } from '@perennial/values';
import { JAVA_LEAST, type FoundJava } from './java';

/** Which log a stack runs on. */
export type LogPlan =
  | { readonly kind: 'brokers'; readonly brokers: string }
  | { readonly kind: 'kafka'; readonly java: string }
  /** `notice`: what the user should know about it; null when they asked for it. */
  | { readonly kind: 'in-process'; readonly notice: string | null };

/** What there is to choose from. */
export interface LogMeans {
  readonly java: FoundJava;
  /** The jars are there, or can be fetched. */
  readonly jars: boolean;
  /** Which log the stack's data was made with so far. */
  readonly data: 'kafka' | 'in-process' | 'none';
  /** What to type to get Kafka. */
  readonly remedy: () => string;
}

/** Kafka wherever it can run. A stack stays with the log that its data was made with: offsets mean nothing in another. */
export function planLog(choice: LogChoice, means: () => LogMeans): LogPlan {
  if (choice.kind === 'brokers') return choice;
  const { java, jars, data, remedy } = means();
  if (choice.kind === 'in-process')
    return data === 'kafka' ? refuse('is made with Kafka; unset KAFKA_BROKERS') : { kind: 'in-process', notice: null };
  if (data === 'in-process')
    return {
      kind: 'in-process',
      notice:
        'This stack keeps to the log inside the process, since its data is there. --reset moves it to Kafka and deletes the data.',
    };
  if (java.kind === 'found' && jars) return { kind: 'kafka', java: java.command };
  const lacking =
    java.kind === 'found'
      ? 'Maven (to fetch Kafka)'
      : `Java ${JAVA_LEAST} or newer${java.kind === 'too-old' ? ` (this is ${java.version})` : ''}`;
  if (data === 'kafka') return refuse(`is made with Kafka, and ${lacking} is missing: ${remedy()}`);
  return {
    kind: 'in-process',
    notice: `Without ${lacking} there is no Kafka: a log inside this process takes its place. Fine for a try, not for production. To get Kafka: ${remedy()}`,
  };
}

function refuse(why: string): never {
  throw new InvalidInput('STACK.OTHER_LOG', `The data of this stack ${why}, or start once with --reset to delete it.`);
}
