/** @segment/analytics-next in a page of PAGE_ORIGIN, in jsdom. First argument: the delivery strategy. */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { JSDOM, VirtualConsole } = require('jsdom');
const { EVENTS, end, halfWay, report } = require('./program');

const bundle = require.resolve('@segment/analytics-next/dist/umd/index.js');
const { window } = new JSDOM('<!doctype html>', {
  url: process.env.PAGE_ORIGIN,
  runScripts: 'outside-only',
  // A request that fails is told there, each time.
  virtualConsole: new VirtualConsole(),
});
for (const script of [bundle, join(__dirname, 'page.js')]) window.eval(readFileSync(script, 'utf8'));

const { COLLECTOR_URL: url, WRITE_KEY: writeKey, TRIES } = process.env;
const settings = { url, writeKey, delivery: process.argv[2], events: EVENTS, tries: Number(TRIES ?? 1_000) };

void window.sendEvents(settings, halfWay).then((said) => {
  Object.assign(report, said);
  end();
  window.close();
});
