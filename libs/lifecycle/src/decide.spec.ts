import { Story } from '@perennial/testing';

const retail = (signals = '', stages = ''): string => `
kind: Lifecycle
name: shop
version: 1
currency: GBP
activity:
  - { event: order, role: purchase, amount: event.properties.total, currency: event.properties.currency }
  - { event: refund, role: refund, amount: event.properties.total }
  - { event: visit, role: visit }
profile:
  orders: { count: purchase, occasion: P1D }
  items: { count: purchase }
  spend: { sum: [purchase, -refund] }
  energy: { decayed: [visit, purchase], halfLife: P14D }
signals:
  firstOrder: { when: profile.orders >= 1 }
  habit: { when: profile.orders >= 3 }
  quiet: { absent: purchase, for: P60D }
  regular: { on: purchase, when: profile.orders >= 3 }
  back: { on: purchase }
${signals}
stages:
  initial: onboarding
  states:
    onboarding: { on: { firstOrder: activation }, after: { P30D: dormancy } }
    activation: { on: { habit: in-life, quiet: dormancy } }
    in-life: { on: { quiet: dormancy } }
    dormancy: { on: { regular: in-life, back: activation }, after: { P180D: closed } }
    closed: { on: { back: activation } }
${stages}
`;

describe('entry', () => {
  it('enters the initial stage with the first catalogued activity, which may also make the first move', () => {
    const story = new Story(retail()).does('order', '2011-01-01');
    expect(story.moves).toEqual([
      '→ onboarding at 2011-01-01T00:00:00 by entry a1',
      'onboarding → activation at 2011-01-01T00:00:00 by activity firstOrder a1',
    ]);
  });
  it('is stated before the flips of its instant, and these before its moves', () => {
    const { facts } = new Story(retail()).does('order', '2011-01-01');
    expect(facts.map((fact) => (fact.kind === 'stage-changed' ? fact.path : fact.kind))).toEqual([
      '→ onboarding',
      'signal',
      'onboarding → activation',
      'state',
    ]);
  });
  it('ignores what the catalogue does not know: no customer, no reset', () => {
    const story = new Story(retail()).does('gossip', '2011-01-01');
    expect(story.state).toBeNull();
    expect(story.last.outcome).toBe('ignored');
    story.does('order', '2011-01-01').does('gossip', '2011-02-20').clock('2011-03-02');
    expect(story.moves.at(-1)).toBe('activation → dormancy at 2011-03-02T00:00:00 by deadline quiet');
  });
  it('states where the customer stands once per input, however many moves it made', () => {
    const story = new Story(retail()).does('order', '2011-01-01');
    expect(story.facts.filter(({ kind }) => kind === 'state')).toEqual([
      { kind: 'state', cycle: 'main', stage: 'activation', since: Date.UTC(2011, 0, 1) },
    ]);
  });
});

describe('evaluation', () => {
  it('moves a region at most once at an instant', () => {
    const story = new Story(retail())
      .does('order', '2011-01-01')
      .does('order', '2011-01-03')
      .clock('2011-12-31')
      .does('order', '2012-01-01');
    expect(story.moves.at(-1)).toBe('closed → activation at 2012-01-01T00:00:00 by activity back a3');
  });
  it('offers signals in the order of the definition', () => {
    const story = new Story(retail());
    for (const day of ['01', '03', '05']) story.does('order', `2011-01-${day}`);
    story.clock('2011-04-01').does('order', '2011-04-02');
    expect(story.moves.at(-1)).toBe('dormancy → in-life at 2011-04-02T00:00:00 by activity regular a4');
  });
  it('fires a deadline at its own time, and an order at the very same instant comes after it', () => {
    const story = new Story(retail()).does('order', '2011-01-01').does('order', '2011-03-02');
    expect(story.moves.slice(2)).toEqual([
      'activation → dormancy at 2011-03-02T00:00:00 by deadline quiet',
      'dormancy → activation at 2011-03-02T00:00:00 by activity back a2',
    ]);
  });
  it('offers an edge signal only at its flip', () => {
    const edgy = retail('  spree: { when: profile.items >= 2, edge: true }').replace(
      'on: { habit: in-life',
      'on: { spree: in-life',
    );
    const late = new Story(edgy).does('order', '2011-01-01').does('order', '2011-01-01T01:00');
    expect(late.moves.at(-1)).toContain('activation → in-life');
    const missed = new Story(edgy.replace('firstOrder: activation', 'habit: activation'));
    missed
      .does('order', '2011-01-01')
      .does('order', '2011-01-03')
      .does('order', '2011-01-05')
      .does('order', '2011-01-07');
    expect(missed.moves.at(-1)).toContain('onboarding → activation');
  });
  it('keeps a level signal with `until` on between the two thresholds', () => {
    const story = new Story(retail('  rich: { when: profile.spend >= 10000, until: profile.spend < 5000 }'));
    const total = (value: number) => ({ properties: { total: value, currency: 'GBP' } });
    story
      .does('order', '2011-01-01', total(100))
      .does('refund', '2011-01-02', total(40))
      .does('refund', '2011-01-03', total(20));
    expect(story.flips.filter((flip) => flip.startsWith('rich'))).toEqual([
      'rich on at 2011-01-01T00:00:00',
      'rich off at 2011-01-03T00:00:00',
    ]);
  });
  it('lets a pulse through only when its condition holds, and publishes it only when asked', () => {
    const story = new Story(retail('  big: { on: purchase, when: profile.spend >= 10000, publish: true }'));
    story
      .does('order', '2011-01-01', { properties: { total: 50 } })
      .does('order', '2011-01-05', { properties: { total: 60 } });
    expect(story.flips).toContain('big pulse at 2011-01-05T00:00:00');
    expect(story.flips.filter((flip) => flip.includes('pulse'))).toHaveLength(1);
  });
});

describe('settling', () => {
  const settling = (): Story => {
    const story = new Story(retail());
    for (const day of ['01', '03', '05']) story.does('order', `2011-01-${day}`);
    return story.clock('2011-12-31').does('order', '2012-01-01');
  };
  it('offers a signal that stays on again one day after the move', () => {
    expect(settling().clock('2012-02-01').moves.slice(-2)).toEqual([
      'closed → activation at 2012-01-01T00:00:00 by activity back a4',
      'activation → in-life at 2012-01-02T00:00:00 by settle habit',
    ]);
  });
  it('offers it earlier when the customer is evaluated earlier', () => {
    const story = settling().does('visit', '2012-01-01T06:00').clock('2012-02-01');
    expect(story.moves.at(-1)).toBe('activation → in-life at 2012-01-01T06:00:00 by activity habit a5');
  });
  it('is replaced by a later move', () => {
    const story = settling().does('visit', '2012-01-01T06:00');
    expect(story.state?.settleAt).toBeNull();
  });
});

describe('deadlines', () => {
  it('counts an absence from the last match, else from the first activity', () => {
    const story = new Story(retail()).does('visit', '2011-01-01').clock('2011-04-01');
    expect(story.flips).toContain('quiet on at 2011-03-02T00:00:00');
  });
  it('runs an absence in every stage: it is on when a stage is entered after its deadline', () => {
    const story = new Story(
      retail('  tick: { on: visit }')
        .replace('in-life: { on: { quiet: dormancy } }', 'in-life: { on: { tick: closed } }')
        .replace('closed: { on: { back: activation } }', 'closed: { on: { quiet: dormancy } }'),
    );
    for (const day of ['01', '03', '05']) story.does('order', `2011-01-${day}`);
    story.does('visit', '2011-06-01').clock('2011-06-10');
    expect(story.moves.slice(-2)).toEqual([
      'in-life → closed at 2011-06-01T00:00:00 by activity tick a4',
      'closed → dormancy at 2011-06-02T00:00:00 by settle quiet',
    ]);
  });
  it('fires all that is due by a clock, in order, each at its own time', () => {
    const story = new Story(retail()).does('order', '2011-01-01').clock('2012-06-01');
    expect(story.moves.slice(-2)).toEqual([
      'activation → dormancy at 2011-03-02T00:00:00 by deadline quiet',
      'dormancy → closed at 2011-08-29T00:00:00 by after',
    ]);
  });
  it('counts `after` from the latest entry, and an activity does not restart it', () => {
    const story = new Story(retail()).does('visit', '2011-01-01').does('visit', '2011-01-20').clock('2011-02-01');
    expect(story.moves.at(-1)).toBe('onboarding → dormancy at 2011-01-31T00:00:00 by after');
  });
  it('arms a row at or before the earliest true deadline, and writes only when it moves earlier', () => {
    const story = new Story(retail()).does('order', '2011-01-01');
    expect(story.last.deadline).toBe(Date.UTC(2011, 2, 2));
    story.does('order', '2011-01-10');
    expect(story.last.deadline).toBeUndefined();
    story.clock('2011-03-02');
    expect(story.last.deadline).toBe(Date.UTC(2011, 2, 11));
    expect(story.moves).toHaveLength(2);
  });
  it('solves when a decayed field falls below a threshold, to the millisecond', () => {
    const story = new Story(retail('  fading: { below: 0.25, of: energy }'))
      .does('visit', '2011-01-01')
      .clock('2011-02-20');
    // Two half-lives to exactly 0.25; four more milliseconds until that shows in units of 1e-9.
    expect(story.flips).toContain('fading on at 2011-01-29T00:00:00.004Z');
  });
  it('turns an above signal off by the passing of time', () => {
    const story = new Story(retail('  lively: { above: 1.5, of: energy }'))
      .does('visit', '2011-01-01')
      .does('visit', '2011-01-01');
    story.clock('2011-02-01');
    expect(story.flips.map((flip) => flip.slice(0, 24))).toEqual(
      expect.arrayContaining(['lively on at 2011-01-01T', 'lively off at 2011-01-06']),
    );
  });
  it('parks a customer that would make more than 100 moves on one input', () => {
    const story = new Story(
      retail().replace(
        /states:[\s\S]*$/,
        'states:\n    onboarding: { after: { P1D: other } }\n    other: { after: { P1D: onboarding } }\n',
      ),
    );
    story.does('visit', '2011-01-01').clock('2012-01-01');
    expect(story.moves).toHaveLength(101);
    expect(story.state?.parked).toBe(true);
    expect(story.last.deadline).toBeNull();
    expect(story.does('order', '2012-02-01').state?.slots[0]).toBe(1);
    expect(story.moves).toHaveLength(101);
  });
});

describe('late activities', () => {
  it('are evaluated at the horizon, so that occurredAt never decreases', () => {
    const story = new Story(retail()).does('visit', '2011-01-10').does('order', '2011-01-05');
    expect(story.last.outcome).toBe('late');
    expect(story.moves.at(-1)).toBe('→ onboarding at 2011-01-10T00:00:00 by entry a1');
  });
  it('change counts and sums, but neither occasions nor gaps', () => {
    const story = new Story(retail());
    story
      .does('order', '2011-01-10', { properties: { total: 1 } })
      .does('order', '2011-01-05', { properties: { total: 2 } });
    const [orders, , , items, spend] = story.state?.slots ?? [];
    expect({ orders, items, spend }).toEqual({ orders: 1, items: 2, spend: 300 });
  });
  it('pulse a signal only if newer than its last match', () => {
    const quiet = new Story(retail()).does('order', '2011-01-01').clock('2011-04-01');
    expect(quiet.moves.at(-1)).toContain('activation → dormancy at 2011-03-02');
    quiet.does('visit', '2011-04-02').does('order', '2010-12-31');
    expect(quiet.moves.at(-1)).toContain('activation → dormancy');
    quiet.does('order', '2011-04-01');
    expect(quiet.moves.at(-1)).toBe('dormancy → activation at 2011-04-02T00:00:00 by activity back a4');
  });
  it('are late when before the last fired deadline, too', () => {
    const story = new Story(retail()).does('order', '2011-01-01').clock('2011-04-01').does('order', '2011-03-01');
    expect(story.last.outcome).toBe('late');
    expect(story.moves.at(-1)).toBe('dormancy → activation at 2011-03-02T00:00:00 by activity back a2');
  });
});

describe('duplicates', () => {
  it('have no second effect', () => {
    const story = new Story(retail()).does('order', '2011-01-01', { id: 'x' }).does('order', '2011-01-01', { id: 'x' });
    expect(story.last.outcome).toBe('duplicate');
    expect(story.last.state).toBe(story.decisions[0]?.state);
  });
  it('are not looked for when the activity is later than all before', () => {
    const story = new Story(retail()).does('order', '2011-01-01', { id: 'x' }).does('order', '2011-01-05', { id: 'x' });
    expect(story.last.outcome).toBe('taken');
  });
  it('are told from the new among the last 32 ids; what is older than those forgotten is unverifiable', () => {
    const story = new Story(retail()).does('visit', '2011-01-01', { id: 'first' });
    for (let minute = 10; minute < 42; minute++)
      story.does('visit', `2011-01-02T00:${String(minute)}`, { id: `m${minute}` });
    expect(story.does('visit', '2011-01-02T00:12', { id: 'm12' }).last.outcome).toBe('duplicate');
    expect(story.does('visit', '2011-01-02T00:05', { id: 'new' }).last.outcome).toBe('late');
    expect(story.does('visit', '2011-01-01', { id: 'first' }).last.outcome).toBe('unverifiable');
  });
});

describe('regions', () => {
  const twoRegions = `${retail('  tick: { on: visit }')}
regions:
  mood: { initial: calm, states: { calm: { on: { tick: keen } }, keen: { on: { quiet: calm } } } }
`;
  it('enter each with a fact, share one sequence, and move independently at one instant', () => {
    const story = new Story(twoRegions).does('order', '2011-01-01').does('visit', '2011-01-02').clock('2011-03-02');
    const facts = story.facts.flatMap((fact) =>
      fact.kind === 'stage-changed' ? [[fact.sequence, fact.region, fact.to]] : [],
    );
    expect(facts).toEqual([
      [1, 'stage', 'onboarding'],
      [2, 'mood', 'calm'],
      [3, 'stage', 'activation'],
      [4, 'mood', 'keen'],
      [5, 'stage', 'dormancy'],
      [6, 'mood', 'calm'],
    ]);
  });
});
