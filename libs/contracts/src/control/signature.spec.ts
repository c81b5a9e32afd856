import { formatNumber, isLater, parseClockNumber, parseCommandNumber } from './signature';

describe('the number of a clock record', () => {
  it('is written as processor, epoch and counter', () => {
    const number = { processor: 'importer', epoch: 1_764_000_000_000, counter: 7 } as const;
    expect(formatNumber(number)).toBe('importer:1764000000000:7');
    expect(parseClockNumber(formatNumber(number))).toEqual(number);
  });

  it.each([
    '',
    'importer',
    'importer:1',
    'importer:1:',
    'importer:1:2:3',
    'nobody:1:2',
    'importer:-1:2',
    'importer:1:2\n',
    '7',
  ])('is not %j', (text) => {
    expect(parseClockNumber(text)).toBeNull();
  });

  it('comes after another by epoch, then by counter', () => {
    const later = (...[a, b, c, d]: [number, number, number, number]): boolean =>
      isLater({ epoch: a, counter: b }, { epoch: c, counter: d });
    expect([later(2, 1, 1, 9), later(1, 2, 1, 1)]).toEqual([true, true]);
    expect([later(1, 9, 2, 1), later(1, 1, 1, 2), later(1, 1, 1, 1)]).toEqual([false, false, false]);
  });
});

describe('the number of a command', () => {
  it('is a safe integer', () => {
    const { MAX_SAFE_INTEGER } = Number;
    expect(parseCommandNumber(formatNumber(MAX_SAFE_INTEGER))).toBe(MAX_SAFE_INTEGER);
  });

  it.each(['', '-1', '1.5', '1e3', ' 1', '9007199254740992', '99999999999999999', 'importer:1:2'])(
    'is not %j',
    (text) => {
      expect(parseCommandNumber(text)).toBeNull();
    },
  );
});
