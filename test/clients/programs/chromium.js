/**
 * @segment/analytics-next in a headless Chromium, in a page that this program serves as PAGE_ORIGIN. First argument: the
 * delivery strategy. The page reports to the program over HTTP, so that no driver is needed.
 */
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { mkdtempSync, readFileSync } = require('node:fs');
const { rm } = require('node:fs/promises');
const { createServer } = require('node:http');
const { text } = require('node:stream/consumers');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { EVENTS, end, halfWay, report } = require('./program');

const { CHROMIUM = 'chromium', COLLECTOR_URL: url, PAGE_ORIGIN, TRIES, WRITE_KEY: writeKey } = process.env;
const settings = { url, writeKey, delivery: process.argv[2], events: EVENTS, tries: Number(TRIES ?? 1_000) };
const FILES = {
  '/analytics.js': require.resolve('@segment/analytics-next/dist/umd/index.js'),
  '/page.js': join(__dirname, 'page.js'),
};
const PAGE = `<!doctype html><title>shop</title><script src="/analytics.js"></script><script src="/page.js"></script><script>
sendEvents(${JSON.stringify(settings)}, () => fetch('/half-way', { method: 'POST' }))
  .then((report) => fetch('/report', { method: 'POST', body: JSON.stringify(report) }));
</script>`;

/** Resolves with what the page reports. */
function serve(server) {
  return new Promise((resolve) => {
    server.on('request', async (request, response) => {
      if (request.url === '/half-way') await halfWay();
      if (request.url === '/report') resolve(JSON.parse(await text(request)));
      const file = FILES[request.url];
      response.setHeader('content-type', file === undefined ? 'text/html' : 'text/javascript');
      response.end(file === undefined ? PAGE : readFileSync(file));
    });
  });
}

async function run() {
  const server = createServer();
  const reported = serve(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const profile = mkdtempSync(join(tmpdir(), 'perennial-chromium-'));
  const browser = spawn(
    CHROMIUM,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--user-data-dir=${profile}`,
      `--host-resolver-rules=MAP ${new URL(PAGE_ORIGIN).host} 127.0.0.1:${server.address().port}`,
      PAGE_ORIGIN,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = once(browser, 'exit');
  process.once('SIGTERM', () => {
    browser.kill('SIGKILL');
    process.exit(1);
  });
  Object.assign(report, await Promise.race([reported, ended.then(() => Promise.reject(new Error('Chromium ended')))]));
  browser.kill('SIGKILL');
  await ended;
  server.closeAllConnections();
  server.close();
  // Processes of the browser that end after it may still write.
  await rm(profile, { recursive: true, maxRetries: 50 });
  end();
}

void run();
