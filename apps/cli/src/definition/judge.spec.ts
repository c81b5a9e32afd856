import { InvalidInput } from '@perennial/values';
import { judge } from './judge';
import type { Version } from './versions';

const PARTITIONS = 4;
const source = (version: number, quiet = 'P60D'): string => `name: retail\nversion: ${version}\nquiet: ${quiet}\n`;
const inService = (version: number, change: Partial<Version> = {}): Version => ({
  name: 'retail',
  version,
  source: source(version),
  author: null,
  reason: null,
  publishedAt: null,
  partitions: PARTITIONS,
  ...change,
});
const candidate = (version: number, change: { name?: string; source?: string } = {}) => ({
  name: 'retail',
  version,
  source: source(version),
  ...change,
});

function refusal(definition: ReturnType<typeof candidate>, versions: readonly Version[]): InvalidInput {
  try {
    judge(definition, versions, PARTITIONS);
  } catch (error) {
    if (error instanceof InvalidInput) return error;
  }
  throw new Error('it was not refused');
}

describe('a definition', () => {
  it.each<[string, ReturnType<typeof candidate>, readonly Version[]]>([
    ['of a tenant that has none', candidate(7), []],
    ['of the next version', candidate(2), [inService(1)]],
    ['of a version far above', candidate(9), [inService(1), inService(2)]],
    ['that some partitions have taken, to be taken by the others', candidate(2), [inService(1), inService(2, { partitions: 3 })]], // prettier-ignore
  ])('is to be published: %s', (_, definition, versions) => {
    expect(judge(definition, versions, PARTITIONS)).toBe('publish');
  });

  it('is in service when every partition has the very text', () => {
    expect(judge(candidate(2), [inService(1), inService(2)], PARTITIONS)).toBe('in-service');
  });

  it('of a published version with another text is refused with the difference and the next number', () => {
    const { code, message } = refusal(candidate(2, { source: source(2, 'P45D') }), [inService(2), inService(3)]);
    expect(code).toBe('DEFINITION.VERSION_TAKEN');
    expect(message.split('\n').slice(1)).toEqual([
      '  -    3  quiet: P60D',
      '  +    3  quiet: P45D',
      'Set `version: 4` and publish again.',
    ]);
  });

  it('shows no more than 40 lines of a difference', () => {
    const long = source(2) + Array.from({ length: 100 }, (_, n) => `x${n}\n`).join('');
    const lines = refusal(candidate(2, { source: long }), [inService(2)]).message.split('\n');
    expect(lines).toHaveLength(43);
    expect(lines.at(-2)).toBe('  … and 60 lines more');
  });

  it('of another name is refused, with the name and the version to set', () => {
    const { code, message } = refusal(candidate(1, { name: 'shop' }), [inService(3)]);
    expect([code, message]).toEqual([
      'DEFINITION.OTHER_NAME',
      expect.stringContaining(
        'Set `name: retail` and `version: 4`, or publish it for a tenant of its own with --tenant.',
      ),
    ]);
  });

  it.each([
    [
      'that was never published',
      candidate(2, { source: source(2, 'P1D') }),
      'was never published',
      [inService(1), inService(3)],
    ],
    ['that was followed by others', candidate(1), 'was published before', [inService(1), inService(3)]],
  ] as const)('of a version below the newest is refused: %s', (_, definition, why, versions) => {
    const { code, message } = refusal(definition, versions);
    expect(code).toBe('DEFINITION.VERSION_BEHIND');
    expect(message).toContain(why);
    expect(message).toContain('version 3 is in service');
    expect(message).toContain('`version: 4`');
  });
});
