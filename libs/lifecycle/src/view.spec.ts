import { definitionOf, Story } from '@perennial/testing';
import { createPlan } from './plan';
import { view } from './view';

const source = `
kind: Lifecycle
name: software
version: 1
currency: EUR
activity:
  - { event: Paid, role: purchase, amount: event.properties.total }
  - { event: Seats, role: seat-change, quantity: event.properties.change, sign: either }
profile:
  paid: { sum: purchase }
  seats: { sum: seat-change }
stages: { initial: a, states: { a: } }
`;

it('what people are shown of a customer tells sums of money from sums of things', () => {
  const { state } = new Story(source)
    .does('Paid', '2024-01-01', { properties: { total: 12.5 } })
    .does('Seats', '2024-01-02', { properties: { change: 7 } })
    .does('Seats', '2024-01-03', { properties: { change: -2 } });
  expect(state && view(createPlan(definitionOf(source)), state)).toMatchObject({
    profile: { paid: 1250, seats: 5 },
    amounts: ['paid'],
    currency: 'EUR',
  });
});

it('the next deadline of an `after` has the name that definitions and lifecycle tests give it', () => {
  const timed = source.replace(
    'states: { a: } }',
    'states: { a: { after: { P7D: b } }, b: } }\nregions: { mood: { initial: low, states: { low: { after: { P9D: high } }, high: } } }',
  );
  const story = new Story(timed).does('Paid', '2024-01-01');
  const plan = createPlan(definitionOf(timed));
  const next = () => story.state && view(plan, story.state).nextDeadline;
  expect(next()).toEqual({ kind: 'after', name: 'a after P7D', due: '2024-01-08T00:00:00.000Z' });
  story.clock('2024-01-08');
  expect(next()).toEqual({ kind: 'after', name: '#mood.low after P9D', due: '2024-01-10T00:00:00.000Z' });
});
