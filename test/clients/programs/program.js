/**
 * What the client programs share: how they speak with the test. A program sends EVENTS events to COLLECTOR_URL with
 * WRITE_KEY. Its first line on stdout says that half of them are on their way; before it sends the others it waits for
 * a line on stdin. Its last line is the report: `taken`, the numbers of the events of which the library was told that
 * they are taken, and `refused`, number and reason of those that it gave up.
 */
const { once } = require('node:events');
const { createInterface } = require('node:readline');

const EVENTS = Number(process.env.EVENTS);
const HALF = Math.floor(EVENTS / 2);
const orders = createInterface({ input: process.stdin });
const report = { taken: [], refused: [] };
let goingOn = null;

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** Says, once, that half of the events are on their way; resolves when the others may be sent. */
function halfWay() {
  goingOn ??= (say({ half: true }), once(orders, 'line'));
  return goingOn;
}

function end() {
  orders.close();
  process.stdin.destroy();
  say(report);
}

const numbers = (from, to) => Array.from({ length: to - from }, (_, index) => from + index);
const firstHalf = numbers(0, HALF);
const secondHalf = numbers(HALF, EVENTS);

/** Ten events a customer, so that any of them that is repeated is among the ids that the engine remembers. */
const customerOf = (number) => `c${Math.floor(number / 10)}`;

/** Calls `send` for each event, at most `atOnce` at the same time. */
async function sendEach(atOnce, send) {
  const waiting = [...firstHalf, ...secondHalf];
  const work = async () => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
      if (number >= HALF) await halfWay();
      await send(number);
    }
  };
  await Promise.all(numbers(0, atOnce).map(work));
}

module.exports = { EVENTS, customerOf, end, firstHalf, halfWay, report, secondHalf, sendEach };
