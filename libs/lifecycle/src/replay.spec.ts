import type { Activity } from '@perennial/contracts';
import type { CustomerId } from '@perennial/values';
import { at, definitionOf } from '@perennial/testing';
import { Replay } from './replay';
import { sumOf } from './replay-summary';

const DEFINITION = `
kind: Lifecycle
name: shop
version: 1
activity: [{ event: visit, role: visit }]
profile: { energy: { decayed: visit, halfLife: P1D } }
signals: { quiet: { absent: visit, for: P3D } }
stages: { initial: here, states: { here: { on: { quiet: gone } }, gone: } }
`;
const customer = 'c' as CustomerId;
const visit: Activity = { id: null, customer, type: 'track', event: 'visit', at: at('2011-01-01'), properties: {} };

describe('a replay', () => {
  it('shows decayed values as they were at the horizon of their customer, not at the end of the history', () => {
    const replay = new Replay(definitionOf(DEFINITION));
    replay.take(visit, at('2011-01-01'));
    replay.finish(at('2011-01-02'));
    expect(replay.customer(customer)?.profile).toEqual({ energy: 1 });
    replay.finish(at('2011-02-01'));
    expect(replay.customer(customer)?.profile).toEqual({ energy: 0.125 });
  });
  it('counts customers by the labels of each view, and tells a label that no state has from one that nobody has', () => {
    const views = `
stages:
  initial: here
  states:
    here:
      initial: new
      states: { new: { on: { again: known } }, known: }
      on: { quiet: gone }
    gone: { type: final }
views:
  steps: { reach: [], first: [here.new], loyal: [here.known], lost: [gone] }
  coarse: { all: [here, gone] }`;
    const definition = DEFINITION.replace(/stages:.*/, views).replace('signals: {', 'signals: { again: { on: visit },');
    const replayOf = (customers: readonly [string, string[]][]): Replay => {
      const replay = new Replay(definitionOf(definition));
      for (const [name, days] of customers) {
        const activity = { ...visit, customer: name as CustomerId };
        for (const day of days) replay.take({ ...activity, at: at(day) }, at(day));
      }
      return replay;
    };
    const first = replayOf([['a', ['2011-01-01']], ['b', ['2011-01-01', '2011-01-02']]]); // prettier-ignore
    first.release();
    const second = replayOf([['c', ['2011-01-01']]]);
    second.finish(at('2011-02-01'));
    expect(second.customer('c' as CustomerId)?.views).toEqual({ steps: 'lost', coarse: 'all' });
    const { views: counted } = sumOf([first.summary(), second.summary()]);
    expect(JSON.stringify(counted)).toBe('{"steps":{"reach":null,"first":0,"loyal":2,"lost":1},"coarse":{"all":3}}');
  });
});
