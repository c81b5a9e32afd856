// `npm start`: sees to what npm cannot bring, then runs `perennial start` with the same arguments in this process, so
// that signals reach it. `--yes` installs missing packages without asking.
const { built, provideKafka } = require('./require');

const args = process.argv.slice(2);
const yes = args.includes('--yes');
const asksOnly = ['--help', '-h'].some((flag) => args.includes(flag));
// A broker of somebody else, or none wished for: nothing is needed here.
const ownBroker = !process.env.KAFKA_BROKERS?.trim();

async function start() {
  if (ownBroker && !asksOnly) await provideKafka(yes);
  process.argv.splice(2, args.length, 'start', ...args.filter((arg) => arg !== '--yes'));
  built('apps/cli/src/main.js');
}

void start();
