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
