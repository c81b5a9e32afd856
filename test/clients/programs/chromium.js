/**
 * analytics-next in a headless Chromium (CHROMIUM), in a page of PAGE_ORIGIN that is served here. First argument: the delivery
 * strategy.
 */
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { createServer } = require('node:http');
const { text } = require('node:stream/consumers');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { end, halfWay, report } = require('./program');
const { pageSettings, SCRIPTS } = require('./page-settings');

const page = `<!doctype html><title>shop</title>${SCRIPTS.map((_, index) => `<script src="/${index}.js"></script>`).join('')}<script>
sendEvents(${JSON.stringify(pageSettings())}, () => fetch('/half-way', { method: 'POST' }))
  .then((report) => fetch('/report', { method: 'POST', body: JSON.stringify(report) }));
</script>`;
