import { InvalidInput } from '@perennial/values';
import { namesInstallation, refuseHalfNamed } from './connection';

type Environment = Parameters<typeof refuseHalfNamed>[0];
type Stack = Parameters<typeof refuseHalfNamed>[1];

const url = (value: string) => ({ variable: 'DATABASE_URL', value }) as const;
const nothing: Environment = { log: { kind: 'own' }, database: null, hasKey: false };
const brokers = (text: string): Environment['log'] => ({ kind: 'brokers', brokers: text });
const stack: Stack = { log: { kind: 'kafka', brokers: 'here:9092' }, database: url('postgres://here/p') };

describe('an environment that names half of an installation', () => {
  it.each<[string, Environment, Stack, string]>([
    ['a broker, and a stack with another', { ...nothing, log: brokers('there:9092') }, stack, 'KAFKA_BROKERS names another installation than the stack of this machine, and not set: DATABASE_URL (or DATABASE_URLS) and PERENNIAL_KEY_FILE.'], // prettier-ignore
    ['a broker and no stack', { ...nothing, log: brokers('there:9092'), hasKey: true }, null, 'and not set: DATABASE_URL (or DATABASE_URLS).'], // prettier-ignore
    ['a database', { ...nothing, database: url('postgres://there/p'), hasKey: true }, stack, 'DATABASE_URL names another installation than the stack of this machine, and not set: KAFKA_BROKERS.'], // prettier-ignore
    ['all but the key', { ...nothing, log: brokers('there:9092'), database: url('postgres://there/p') }, stack, 'KAFKA_BROKERS and DATABASE_URL name another installation than the stack of this machine, and not set: PERENNIAL_KEY_FILE. Set that, too, or unset KAFKA_BROKERS and DATABASE_URL'], // prettier-ignore
    ['the broker of a stack whose log is in its process', { ...nothing, log: brokers('here:9092') }, { log: { kind: 'served', url: 'http://here', token: 't' }, database: url('postgres://here/p') }, 'KAFKA_BROKERS names'], // prettier-ignore
  ])('is refused, with what is missing: %s', (_, environment, running, message) => {
    const refuse = (): void => {
      refuseHalfNamed(environment, running);
    };
    expect(refuse).toThrow(InvalidInput);
    expect(refuse).toThrow(message);
  });

  it.each<[string, Environment, Stack]>([
    ['nothing is named', nothing, stack],
    ['only a key is named', { ...nothing, hasKey: true }, stack],
    ['nothing is named and nothing runs', nothing, null],
    ['the stack was started with the same broker', { ...nothing, log: brokers('here:9092') }, stack],
    ['the stack was started with the same database', { ...nothing, database: url('postgres://here/p') }, stack],
  ])('means the stack when %s', (_, environment, running) => {
    expect(() => {
      refuseHalfNamed(environment, running);
    }).not.toThrow();
  });

  it('is whole with broker, database and key', () => {
    expect(namesInstallation({ log: brokers('a:1'), database: url('postgres://a/p'), hasKey: true })).toBe(true);
    expect(namesInstallation({ log: brokers('a:1'), database: url('postgres://a/p'), hasKey: false })).toBe(false);
  });
});
