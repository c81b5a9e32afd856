// Looks for what npm cannot bring (Java and Maven for the development broker, promtool for the tests of the alert rules,
// Chromium for those of pages) and sees to it; plain Node, so that it runs on a fresh machine.
// `node deploy/dev/require.js [--yes] [--ci]` fails when something lacks that `npm test` needs, or with --ci `npm run test:ci`.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const dist = join(__dirname, '../../dist');

/** Ends the process with one line to type when the repository is not built. */
function built(file) {
  if (existsSync(join(dist, file))) return require(join(dist, file));
  process.stderr.write('Perennial is not built yet. Type: npm ci\n');
  process.exit(1);
}

/** Resolves with what still lacks for a Kafka of our own. */
function provideKafka(yes) {
  return built('libs/dev-stack/src/machine/provide.js').provideForKafka({ yes });
}

/** Resolves with what still lacks for `npm test`, or for `npm run test:ci`. */
function provideTests(yes, ci) {
  const { provideForCi, provideForTests } = built('libs/dev-stack/src/machine/provide.js');
  return (ci ? provideForCi : provideForTests)({ yes });
}

module.exports = { built, provideKafka };

if (require.main === module) {
  provideTests(process.argv.includes('--yes'), process.argv.includes('--ci')).then((lacking) => {
    process.exitCode = lacking.length === 0 ? 0 : 1;
  });
}
