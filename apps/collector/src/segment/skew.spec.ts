import { skewOf } from './prepare-message';

const received = Date.parse('2011-03-01T12:00:00.000Z');
const correct = (message: Record<string, string | null>, batchSentAt?: string) => {
  const skew = skewOf(message, batchSentAt, received);
  return skew.kind === 'corrected' ? new Date(skew.at).toISOString() : skew.kind;
};

describe('skewOf', () => {
  it('moves the time by what the clock of the sender is off', () => {
    expect(correct({ timestamp: '2011-03-01T14:50:00Z', sentAt: '2011-03-01T15:00:00Z' })).toBe(
      '2011-03-01T11:50:00.000Z',
    );
    expect(correct({ originalTimestamp: '2011-02-01T08:00:00Z', sentAt: '2011-02-01T09:00:00Z' })).toBe(
      '2011-03-01T11:00:00.000Z',
    );
  });

  it('takes the sentAt of the batch where the message has none, and keeps the original', () => {
    const message = { timestamp: '2011-03-01T14:50:00+00:00' };
    expect(skewOf(message, '2011-03-01T15:00:00Z', received)).toEqual({
      kind: 'corrected',
      original: '2011-03-01T14:50:00+00:00',
      at: Date.parse('2011-03-01T11:50:00Z'),
    });
    expect(correct({ ...message, sentAt: '2011-03-01T12:00:00Z' }, '2011-03-01T15:00:00Z')).toBe('none');
  });

  it('lets a message that only says when it was sent happen when it came', () => {
    expect(correct({ sentAt: '2011-03-01T15:00:00Z' })).toBe('2011-03-01T12:00:00.000Z');
  });

  it.each([
    ['a clock that is right within a minute', { timestamp: '2011-03-01T08:00:00Z', sentAt: '2011-03-01T11:59:00Z' }],
    ['old activities sent now', { timestamp: '2001-01-01T00:00:00Z', sentAt: '2011-03-01T12:00:00Z' }],
    ['no sentAt', { timestamp: '2011-03-01T14:50:00Z' }],
    ['no time', { event: 'x' }],
    ['an unreadable sentAt', { timestamp: '2011-03-01T14:50:00Z', sentAt: 'yesterday' }],
    [
      'both times: somebody corrected it before',
      { timestamp: '2011-03-01T10:00:00Z', originalTimestamp: '2011-03-01T14:50:00Z', sentAt: '2011-03-01T15:00:00Z' },
    ],
  ])('leaves alone: %s', (_, message) => {
    expect(correct(message)).toBe('none');
  });

  it.each([
    ['sent 14 days before it happened', { timestamp: '2011-03-01T11:59:00Z', sentAt: '2011-02-15T12:00:00Z' }],
    ['sent from a clock of 1970', { timestamp: '2011-03-01T11:59:00Z', sentAt: '1970-01-01T00:00:00Z' }],
    ['sent from a clock of 2099', { timestamp: '2011-03-01T11:59:00Z', sentAt: '2099-01-01T00:00:00Z' }],
    [
      'sent a minute and more before it happened',
      { timestamp: '2011-03-01T15:01:01Z', sentAt: '2011-03-01T15:00:00Z' },
    ],
    ['waited two thousand years', { timestamp: '0001-01-02T00:00:00Z', sentAt: '2011-03-01T15:00:00Z' }],
  ])('believes no times that cannot be of one clock: %s', (_, message) => {
    expect(correct(message)).toBe('contradictory');
  });

  it('never moves a time beyond its arrival', () => {
    expect(correct({ timestamp: '2011-03-01T15:00:59Z', sentAt: '2011-03-01T15:00:00Z' })).toBe(
      '2011-03-01T12:00:00.000Z',
    );
  });
});
