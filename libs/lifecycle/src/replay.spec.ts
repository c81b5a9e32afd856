import type { Activity, CustomerId } from '@perennial/contracts';
import { at, definitionOf } from '@perennial/testing';
import { Replay } from './replay';

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
});
