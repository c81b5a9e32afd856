import { CommanderError } from 'commander';
import { readOptions, USUAL } from './options';

const read = (...args: readonly string[]) => readOptions(['node', 'bench', ...args]);

describe('the command line', () => {
  it('measures all but the long parts in full size unless told otherwise', () => {
    expect(read()).toMatchObject({ parts: USUAL, rounds: 5, events: 1_000_000, customers: 250_000, partitions: 4 });
  });

  it('takes parts by name, and sizes over those of --quick', () => {
    expect(read('latency', 'replay', '--quick', '--rounds', '3', '--json', '-')).toMatchObject({
      parts: ['latency', 'replay'],
      rounds: 3,
      events: 100_000,
      quick: true,
      json: '-',
      html: null,
    });
  });

  it('takes the sizes of scale as a list', () => {
    expect(read('scale', '--quick', '--sizes', '10,200')).toMatchObject({ parts: ['scale'], sizes: [10, 200] });
  });

  it('compares with another commit in throughput alone', () => {
    expect(read('throughput', '--against', 'HEAD~1')).toMatchObject({ parts: ['throughput'], against: 'HEAD~1' });
    expect(read()).toMatchObject({ against: null });
  });

  it.each([
    ['--against', 'HEAD~1'],
    ['latency', '--against', 'HEAD~1'],
    ['--sizes', '10,x'],
    ['--sizes', '10,10'],
    ['--rounds', '0'],
    ['--events', 'many'],
    ['speed'],
    ['--fast'],
  ])('refuses %s', (...args) => {
    const err = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(() => read(...args)).toThrow(CommanderError);
    err.mockRestore();
  });
});
