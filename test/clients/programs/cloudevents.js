const { customerOf, end, report, sendEach } = require('./program');
const { setTimeout: wait } = require('node:timers/promises');
const { CloudEvent, emitterFor, HTTP, Mode } = require('cloudevents');

async function post({ headers, body }) {
  const response = await fetch(`${process.env.COLLECTOR_URL}/v1/events`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${process.env.WRITE_KEY}` },
    body,
  });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(`${response.status} ${answer.message}`), { status: response.status });
}

const emit = emitterFor(post, { binding: HTTP, mode: Mode.BINARY });
const emitStructured = emitterFor(post, { binding: HTTP, mode: Mode.STRUCTURED });

/** Sends an event until it is answered, or refused for good; a repeat has the same id and counts once. */
async function send(event, emit) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await emit(event);
    } catch (error) {
      const forGood = error.status >= 400 && error.status < 500 && ![408, 429].includes(error.status);
      if (forGood || attempt === 10) throw error;
      await wait(Math.min(500 * 2 ** attempt, 60_000));
    }
  }
}

/** The subject is the customer. */
function seen(subject, data) {
  return new CloudEvent({ source: '/shop', type: 'com.shop.seen', subject, data });
}

async function sendNumber(number) {
  try {
    await send(seen(customerOf(number), { number }), number % 2 === 0 ? emit : emitStructured);
    report.taken.push(number);
  } catch (error) {
    report.refused.push({ number, reason: String(error) });
  }
}

void sendEach(20, sendNumber).then(end);
