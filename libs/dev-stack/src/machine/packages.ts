import type { Machine } from './machine';

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
