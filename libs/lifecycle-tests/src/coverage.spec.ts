import { fileOf, run, shop } from '../fixtures/shop';
import { Coverage } from './coverage';

function coverageOf(...steps: readonly string[]): ReturnType<Coverage['report']> {
  const coverage = new Coverage(shop());
  for (const step of steps) run(fileOf(step), coverage);
  return coverage.report();
}

describe('coverage', () => {
  it('names what there is and what tests came by, as the definition spells it', () => {
    expect(coverageOf('- { activity: Order, expect: { stage: active } }')).toEqual({
      definition: { name: 'shop', version: 2 },
      states: {
        covered: ['new', 'active', 'active.plain', '#mood.fresh'],
        missing: ['active.loyal', 'gone', 'closed', '#mood.slack'],
      },
      transitions: {
        covered: ['new on bought → active'],
        missing: [
          'new after P5D → gone',
          'active on quiet → gone',
          'active.plain on habit → loyal',
          'gone on back → active',
          'gone after P30D → closed',
          '#mood.fresh on tired → slack',
          '#mood.slack on seen → fresh',
          '#mood.slack on back → slack',
          '#mood.slack after P20D → slack',
        ],
      },
      signals: { covered: ['bought', 'back'], missing: ['habit', 'quiet', 'tired', 'seen'] },
    });
  });

  it('comes from all tests together, from states that are passed through, and from re-entries, which are no facts', () => {
    const { states, transitions, signals } = coverageOf(
      '- { activity: Order, repeat: { times: 3, every: P1D }, expect: { stage: active } }\n- { at: P12D, expect: { stage: gone } }\n- { activity: Order, expect: { stage: active } }',
      '- { activity: { type: page } }\n- { at: P36D, expect: { stage: closed } }',
      '- { activity: Order }\n- { at: P2D, activity: { type: page }, expect: { regions: { mood: fresh } } }',
    );
    expect(transitions.missing).toEqual([]);
    expect([states.missing, signals.missing]).toEqual([[], []]);
  });

  it('of a re-entry by a pulse and by an after: neither is covered without the other', () => {
    const pulsed = coverageOf(
      '- { activity: Order }\n- { at: P2D, activity: Order, expect: { regions: { mood: slack } } }',
    );
    expect(pulsed.transitions.covered).toContain('#mood.slack on back → slack');
    expect(pulsed.transitions.missing).toContain('#mood.slack after P20D → slack');
    const waited = coverageOf('- { activity: Order }\n- { at: P22D, expect: { regions: { mood: slack } } }');
    expect(waited.transitions.covered).toContain('#mood.slack after P20D → slack');
    expect(waited.transitions.missing).toContain('#mood.slack on back → slack');
  });
});
