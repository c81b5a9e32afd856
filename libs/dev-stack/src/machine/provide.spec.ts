import type { Machine } from './machine';
import { type Need, remedyFor } from './requirements';
import { provide } from './provide';

interface Fake {
  readonly root?: boolean;
  readonly programs?: readonly string[];
  readonly offers?: readonly string[];
  readonly answer?: boolean | null;
  readonly aptWorks?: boolean;
}

function fakeMachine({ root = true, programs = ['apt-get'], offers = [], answer = null, aptWorks = true }: Fake) {
  const ran: string[] = [];
  const said: string[] = [];
  let lacks: Need[] = ['java', 'maven'];
  const machine: Machine = {
    root,
    has: (program) => programs.includes(program),
    offers: (name) => offers.includes(name),
    run: (command, args) => {
      ran.push([command, ...args].join(' '));
      if (aptWorks && args.includes('install')) lacks = [];
      return aptWorks;
    },
    ask: (question) => {
      said.push(question);
      return answer === null ? null : Promise.resolve(answer);
    },
    say: (line) => said.push(line),
  };
  return { machine, ran, said, lacking: () => lacks };
}

describe('what npm cannot bring', () => {
  it('is installed by root on Debian when told to, package lists first', async () => {
    const fake = fakeMachine({ offers: ['openjdk-17-jre-headless'] });
    expect(await provide({ ...fake, tells: true, yes: true })).toEqual([]);
    expect(fake.ran).toEqual([
      'apt-get update -q',
      'apt-get install -y -q --no-install-recommends openjdk-17-jre-headless maven',
    ]);
  });

  it('is asked for on a terminal', async () => {
    const fake = fakeMachine({ answer: true });
    expect(await provide({ ...fake, tells: true, yes: false })).toEqual([]);
    expect(fake.said[0]).toBe('Java 17 or newer and Maven not found. Install with apt-get now?');
    expect(fake.ran).toContain('apt-get install -y -q --no-install-recommends default-jre-headless maven');
  });

  it.each<[string, Fake]>([
    ['when the answer is no', { answer: false }],
    ['when there is nobody to ask', { answer: null }],
    ['when not root', { root: false }],
    ['where there is no apt-get', { programs: ['dnf'] }],
  ])('is not touched %s: the one command to type is printed', async (_, machine) => {
    const fake = fakeMachine(machine);
    expect(
      await provide({ ...fake, tells: true, yes: machine.root === false || machine.programs !== undefined }),
    ).toEqual(['java', 'maven']);
    expect(fake.ran).toEqual([]);
    expect(fake.said.at(-1)).toMatch(
      /^Java 17 or newer and Maven not found\. To install: (sudo )?(apt-get update|dnf install)/,
    );
  });

  it('is not told where somebody else tells it: `npm start` names what it runs on instead, and the command', async () => {
    const fake = fakeMachine({});
    expect(await provide({ ...fake, tells: false, yes: false })).toEqual(['java', 'maven']);
    expect(fake.said).toEqual(['Java 17 or newer and Maven not found. Install with apt-get now?']);
  });

  it('that apt-get fails to bring is told with the command', async () => {
    const fake = fakeMachine({ aptWorks: false });
    expect(await provide({ ...fake, tells: true, yes: true })).toEqual(['java', 'maven']);
    expect(fake.said.at(-1)).toMatch(/^apt-get did not bring everything\. To install: apt-get update && /);
  });

  it('costs nothing when nothing lacks', async () => {
    const fake = fakeMachine({});
    expect(await provide({ ...fake, tells: true, lacking: () => [], yes: true })).toEqual([]);
    expect([...fake.ran, ...fake.said]).toEqual([]);
  });
});

describe('the command to type', () => {
  it('names the package that brings promtool', () => {
    expect(remedyFor(['promtool'], fakeMachine({}).machine)).toBe('apt-get update && apt-get install -y prometheus');
    expect(remedyFor(['chromium'], fakeMachine({}).machine)).toBe('apt-get update && apt-get install -y chromium');
    expect(remedyFor(['promtool'], fakeMachine({ programs: ['dnf'] }).machine)).toBe(
      'dnf install -y golang-github-prometheus',
    );
  });

  it.each<[Fake, string]>([
    [{ root: false }, 'sudo apt-get update && sudo apt-get install -y default-jre-headless maven'],
    [{ programs: ['dnf'] }, 'dnf install -y java-21-openjdk-headless maven'],
    [{ programs: ['apk'], root: false }, 'sudo apk add openjdk17-jre-headless maven'],
    [{ programs: ['brew'], root: false }, 'brew install openjdk maven'],
    [{ programs: [] }, 'install Java 17 or newer and Maven'],
  ])('fits the machine: %j', (machine, command) => {
    expect(remedyFor(['java', 'maven'], fakeMachine(machine).machine)).toBe(command);
  });
});
