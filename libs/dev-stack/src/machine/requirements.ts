import type { ToolEnvironment } from '@perennial/config';
import { join } from 'node:path';
import { repository } from '../repository';
import { findJava } from '../java';
import { haveJars, haveMaven, kafkaJars } from '../kafka-jars';
import { stackHome } from '../stack-home';
import type { Machine } from './machine';
import type { Need } from './packages';

/** What lacks for a Kafka of our own: Java to run it, and Maven as long as its jars are not in the cache. */
export function lackingForKafka(environment: Pick<ToolEnvironment, 'home' | 'cache' | 'javaHome'>): readonly Need[] {
  const jars = kafkaJars(join(repository, 'deploy/dev/pom.xml'), stackHome(environment).cache);
  const java: Need[] = findJava(environment.javaHome).kind === 'found' ? [] : ['java'];
  return haveJars(jars) || haveMaven() ? java : [...java, 'maven'];
}

/** What lacks for the tests: a Kafka of their own, and promtool, which tests the alert rules. */
export function lackingForTests(
  environment: Parameters<typeof lackingForKafka>[0],
  machine: Pick<Machine, 'has'>,
): readonly Need[] {
  return [...lackingForKafka(environment), ...(machine.has('promtool') ? [] : (['promtool'] as const))];
}

/** What lacks for the tests of `npm run test:ci`: a browser, too. */
export function lackingForCi(...[environment, machine]: Parameters<typeof lackingForTests>): readonly Need[] {
  return [...lackingForTests(environment, machine), ...(machine.has('chromium') ? [] : (['chromium'] as const))];
}
