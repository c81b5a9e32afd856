import { outbox } from './check-services';
import { describeFindings, findingsOf, ok, wrong } from './finding';

describe('findings', () => {
  it('are a table with the remedy below what is wrong', () => {
    const findings = [ok('broker', 'answers'), wrong('partition 2', 'stands still', 'Skip it.')];
    expect(describeFindings(findings)).toEqual([
      'ok     broker       answers',
      'WRONG  partition 2  stands still',
      '                    → Skip it.',
    ]);
  });

  it('come of a check that fails, too', async () => {
    const failed = await findingsOf('broker', 'Start it.', () => Promise.reject(new Error('away')));
    expect(failed).toEqual([wrong('broker', 'away', 'Start it.')]);
  });
});

describe('the outbox, by the metrics of an engine', () => {
  const age = (partition: number, seconds: number): string =>
    `lifecycle_outbox_age_seconds{partition="${partition}",service="lifecycle-engine"} ${seconds}`;

  it('is well while nothing waits long', () => {
    expect(outbox('engine', [age(0, 0), age(1, 2.5)].join('\n'))).toMatchObject([{ state: 'ok' }]);
  });

  it('is named by partition when it is stuck', () => {
    expect(outbox('engine', [age(0, 0), age(1, 95.2)].join('\n'))).toMatchObject([
      { state: 'wrong', found: 'facts wait: partition 1 for 95 s' },
    ]);
  });

  it('is no matter of a service that publishes nothing', () => {
    expect(outbox('collector', 'collector_in_flight_bytes 0')).toEqual([]);
  });
});
