/** The files that the tutorial's pages walk through: the facts of each by `replay`, and by `import` through Kafka, are the same. */
import { join } from 'node:path';
import { type EngineProcess, startEngine } from '../ops/engine-process';
import { Installation } from './installation';
import { factsOfReplay, factsOfTenant, type Past } from './past-facts';

const sample = join(__dirname, '../../deploy/sample');

interface Walk extends Past {
  /** Also the tenant's. */
  readonly name: string;
  /** Facts of moves and signals, entries included. */
  readonly facts: number;
}

const WALKS: readonly Walk[] = [
  {
    name: 'ravenstack',
    input: ['--input', join(sample, 'ravenstack/accounts.sql')],
    definition: 'b2b-saas',
    newest: Date.UTC(2024, 11, 31),
    hasIds: true,
    facts: 1_047,
  },
];

let installation: Installation;
let engine: EngineProcess;
beforeAll(async () => {
  installation = await Installation.create('walks');
  engine = await startEngine(installation);
}, 60_000);
afterAll(async () => {
  await engine.stop();
  await installation.remove();
});

describe.each(WALKS)('$name', ({ name, facts, ...past }) => {
  it('has the same facts by replay and by import', async () => {
    const into = ['--tenant', name, '--go-live', 'offset', '--definition', past.definition];
    const { code, err } = await installation.run(['import', ...past.input, ...into]);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    const expected = await factsOfReplay(installation, past);
    expect(Object.values(expected).flat()).toHaveLength(facts);
    expect(await factsOfTenant(installation, name, past)).toEqual(expected);
  }, 60_000);
});
