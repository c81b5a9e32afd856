const { customerOf, end, firstHalf, halfWay, report, secondHalf } = require('./program');
const { Analytics } = require('@segment/analytics-node');

const analytics = new Analytics({
  host: process.env.COLLECTOR_URL,
  writeKey: process.env.WRITE_KEY,
  flushInterval: 1_000,
});
analytics.on('error', ({ code, reason }) => console.error('given up', code, reason));

/** Resolves when the log has the event; rejects with what the library says when it gives the event up. */
function orderCompleted(userId, properties) {
  return new Promise((resolve, reject) => {
    analytics.track({ userId, event: 'Order Completed', properties }, (error) => {
      if (error === undefined) resolve();
      else reject(error.reason ?? error);
    });
  });
}

async function track(number) {
  try {
    await orderCompleted(customerOf(number), { number, total: '25.00', currency: 'GBP' });
    report.taken.push(number);
  } catch (error) {
    report.refused.push({ number, reason: String(error) });
  }
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
