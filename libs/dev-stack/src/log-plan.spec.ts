import { type LogMeans, planLog } from './start-log';

const all: LogMeans = { java: { kind: 'found', command: 'java' }, jars: true, data: 'none', remedy: () => 'apt-get …' };
const plan = (means: Partial<LogMeans> = {}, choice: Parameters<typeof planLog>[0] = { kind: 'own' }) =>
  planLog(choice, () => ({ ...all, ...means }));

describe('the log of a stack', () => {
  it('is Kafka wherever it can run', () => {
    expect(plan()).toEqual({ kind: 'kafka', java: 'java' });
  });

  it('is that of the environment when it names brokers; the machine is not even looked at', () => {
    const choice = { kind: 'brokers', brokers: 'a:1' } as const;
    const look = (): never => {
      throw new Error('looked');
    };
    expect(planLog(choice, look)).toEqual(choice);
  });

  it.each<[string, Partial<LogMeans>, string]>([
    ['without Java', { java: { kind: 'missing' } }, 'Without Java 17 or newer there is no Kafka'],
    [
      'with an old Java',
      { java: { kind: 'too-old', version: 11 } },
      'Without Java 17 or newer (this is 11) there is no Kafka',
    ],
    ['without Maven', { jars: false }, 'Without Maven (to fetch Kafka) there is no Kafka'],
  ])('lives in the process %s, with a plain warning and the remedy', (_, means, start) => {
    const { kind, notice } = plan(means) as { kind: string; notice: string };
    expect(kind).toBe('in-process');
    expect(notice.startsWith(start)).toBe(true);
    expect(notice).toContain('To get Kafka: apt-get …');
  });

  it('lives in the process without a warning when asked for', () => {
    expect(plan({}, { kind: 'in-process' })).toEqual({ kind: 'in-process', notice: null });
  });

  it('stays where the data is', () => {
    expect(plan({ data: 'in-process' })).toMatchObject({
      kind: 'in-process',
      notice: expect.stringContaining('--reset') as string,
    });
    expect(() => plan({ data: 'kafka', java: { kind: 'missing' } })).toThrow(
      /is made with Kafka, and Java 17 or newer is missing: apt-get …, or start once with --reset/,
    );
    expect(() => plan({ data: 'kafka' }, { kind: 'in-process' })).toThrow(/is made with Kafka; unset KAFKA_BROKERS/);
  });
});
