const { customerOf, end, firstHalf, halfWay, report, secondHalf } = require('./program');
const { Analytics } = require('@segment/analytics-node');

const analytics = new Analytics({
  host: process.env.COLLECTOR_URL,
  writeKey: process.env.WRITE_KEY,
  flushInterval: 1_000,
});
analytics.on('error', ({ code, reason }) => console.error('given up', code, reason));

/** Resolves when the library has said what became of the event. */
function track(number) {
  const event = {
    userId: customerOf(number),
    event: 'Order Completed',
    properties: { number, total: '25.00', currency: 'GBP' },
  };
  return new Promise((resolve) => {
    analytics.track(event, (error) => {
      if (error === undefined) report.taken.push(number);
      else report.refused.push({ number, reason: String(error.reason ?? error) });
      resolve();
    });
  });
}

async function run() {
  const first = firstHalf.map(track);
  await Promise.race(first);
  await halfWay();
  const second = secondHalf.map(track);
  await analytics.closeAndFlush();
  await Promise.all([...first, ...second]);
  end();
}

void run();
