import type { ToolEnvironment } from '@perennial/config';
import { join } from 'node:path';
import { findJava, haveJars, haveMaven, kafkaJars } from '../kafka-runtime';
import type { Machine } from './machine';
import { repository } from '../repository';
import { stackHome } from '../stack-home';

/** What the stack's own Kafka is missing: Java to run it, and Maven while its jars are not in the cache. */
export function lackingForKafka(environment: Pick<ToolEnvironment, 'home' | 'cache' | 'javaHome'>): readonly Need[] {
  const jars = kafkaJars(join(repository, 'deploy/dev/pom.xml'), stackHome(environment).cache);
  const java: Need[] = findJava(environment.javaHome).kind === 'found' ? [] : ['java'];
  return haveJars(jars) || haveMaven() ? java : [...java, 'maven'];
}

/** What the tests are missing: what Kafka needs, and promtool, which tests the alert rules. */
export function lackingForTests(
  environment: Parameters<typeof lackingForKafka>[0],
  machine: Pick<Machine, 'has'>,
): readonly Need[] {
  return [...lackingForKafka(environment), ...(machine.has('promtool') ? [] : (['promtool'] as const))];
}

/** What the tests of `npm run test:ci` are missing: a browser as well. */
export function lackingForCi(...[environment, machine]: Parameters<typeof lackingForTests>): readonly Need[] {
  return [...lackingForTests(environment, machine), ...(machine.has('chromium') ? [] : (['chromium'] as const))];
}

/** What npm cannot bring. */
export type Need = 'java' | 'maven' | 'promtool' | 'chromium';

export const NEED_NAMES: Readonly<Record<Need, string>> = {
  java: 'Java 17 or newer',
  maven: 'Maven',
  promtool: 'promtool',
  chromium: 'Chromium',
};

/** Packages of one package manager. */
type Packages = Readonly<Record<Need, string>>;

/** Debian's packages for these needs. Ubuntu's default Java may be older than 17; newer Debians have no 17 any more. */
export function aptPackages(needs: readonly Need[], machine: Pick<Machine, 'offers'>): string[] {
  const java = machine.offers('openjdk-17-jre-headless') ? 'openjdk-17-jre-headless' : 'default-jre-headless';
  const packages: Packages = { java, maven: 'maven', promtool: 'prometheus', chromium: 'chromium' };
  return needs.map((need) => packages[need]);
}

/** The one command to type. */
export function remedyFor(needs: readonly Need[], machine: Pick<Machine, 'root' | 'has' | 'offers'>): string {
  const sudo = machine.root ? '' : 'sudo ';
  const names = (java: string, promtool = 'prometheus'): string => {
    const packages: Packages = { java, maven: 'maven', promtool, chromium: 'chromium' };
    return needs.map((need) => packages[need]).join(' ');
  };
  if (machine.has('apt-get')) {
    return `${sudo}apt-get update && ${sudo}apt-get install -y ${aptPackages(needs, machine).join(' ')}`;
  }
  if (machine.has('dnf'))
    return `${sudo}dnf install -y ${names('java-21-openjdk-headless', 'golang-github-prometheus')}`;
  if (machine.has('apk')) return `${sudo}apk add ${names('openjdk17-jre-headless')}`;
  if (machine.has('brew')) return `brew install ${names('openjdk')}`;
  return `install ${needs.map((need) => NEED_NAMES[need]).join(' and ')}`;
}
