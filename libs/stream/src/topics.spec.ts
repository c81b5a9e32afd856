import { MAX_ACTIVITY_BYTES, TOPIC } from '@perennial/contracts';
import { refuseOtherTopic, topicSpecs } from './topics';

describe('The topics of an installation', () => {
  const specs = topicSpecs('eu.', 4, 3);
  const configOf = (name: string) => specs.find((spec) => spec.name === `eu.${name}`)?.config ?? {};
  const limit = (name: string) => Number(configOf(name)['max.message.bytes']);

  it('are all there, under the prefix, with partitions and copies as asked', () => {
    expect(specs.map(({ name }) => name)).toEqual(Object.values(TOPIC).map((name) => `eu.${name}`));
    for (const spec of specs) expect(spec).toMatchObject({ partitions: 4, replication: 3 });
  });

  it('take their time from the broker where decisions do', () => {
    expect(configOf(TOPIC.activity)['message.timestamp.type']).toBe('LogAppendTime');
  });

  it('let the largest activity in, and a dead letter of it always fit', () => {
    expect(limit(TOPIC.activity)).toBeGreaterThan(MAX_ACTIVITY_BYTES);
    expect(limit(TOPIC.deadLetter)).toBe(limit(TOPIC.activity) + 64 * 1024);
  });

  it('are refused where they take less than what is written to them', () => {
    const [activity] = specs;
    if (activity === undefined) throw new Error('no topic');
    const found = (bytes: number) => ({
      partitions: 4,
      config: { ...activity.config, 'max.message.bytes': String(bytes) },
    });
    expect(() => {
      refuseOtherTopic(activity, found(limit(TOPIC.activity) - 1));
    }).toThrow(/Raise max.message.bytes/);
    refuseOtherTopic(activity, found(limit(TOPIC.activity) + 1));
  });

  it('keep the newest state of each customer, and facts for a time', () => {
    expect(configOf(TOPIC.state)['cleanup.policy']).toBe('compact');
    expect(configOf(TOPIC.stageChanged)).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '2592000000' });
  });

  it('lose no acknowledged record with one broker, where there are several', () => {
    const wanted = [1, 2, 3].map((copies) => topicSpecs('', 1, copies)[0]?.config['min.insync.replicas']);
    expect(wanted).toEqual(['1', '1', '2']);
  });
});
