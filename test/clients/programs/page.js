/**
 * Runs in a page, in jsdom or in a browser, after the bundle of @segment/analytics-next. What is answered is read from the
 * requests themselves: the library tells its caller only what it gave up, and in batches not even that.
 */
(() => {
  const DELIVERY = {
    standard: { strategy: 'standard' },
    batching: { strategy: 'batching', config: { size: 25, timeout: 500 } },
  };

  function load({ writeKey, apiHost, protocol, deliveryStrategy }) {
    const { AnalyticsBrowser } = window.AnalyticsNext;
    const analytics = AnalyticsBrowser.load(
      {
        writeKey,
        // Given here, so that nothing is fetched from Segment; and no measurements of the library itself.
        cdnSettings: { integrations: { 'Segment.io': { apiKey: writeKey } }, metrics: { sampleRate: 0 } },
      },
      { integrations: { 'Segment.io': { apiHost, protocol, deliveryStrategy } } },
    );
    analytics.on('error', ({ code, reason }) => console.error('given up', code, reason));
    return analytics;
  }

  /** Calls `answered` with body and status of each request to the collector that is answered; status 0: the page may not know. */
  function watchRequests(collector, answered) {
    if (window.fetch === undefined) watchXhr(answered);
    else watchFetch(collector, answered);
  }

  function watchFetch(collector, answered) {
    const { fetch } = window;
    window.fetch = async (url, init) => {
      if (!url.startsWith(collector)) return fetch(url, init);
      try {
        const response = await fetch(url, init);
        answered(init.body, response.status);
        return response;
      } catch (error) {
        answered(init.body, 0);
        throw error;
      }
    };
  }

  function watchXhr(answered) {
    const { send } = window.XMLHttpRequest.prototype;
    window.XMLHttpRequest.prototype.send = function watched(body) {
      this.addEventListener('loadend', () => answered(body, this.status));
      send.call(this, body);
    };
  }

  /**
   * Resolves with the report once each event has its fate; at most 50 are without one at the same time. `tries`: an event
   * that got no answer so often is given up here (the library would try for hours). `halfWay` resolves when the second
   * half may be sent.
   */
  window.sendEvents = async ({ url, writeKey, delivery, events, tries }, halfWay) => {
    const report = { taken: [], refused: [] };
    const settle = new Map();
    const unanswered = new Map();
    const half = Math.floor(events / 2);
    watchRequests(url, (body, status) => {
      const message = JSON.parse(body);
      for (const { properties } of message.batch ?? [message]) see(properties.number, status);
    });
    const { host, protocol } = new URL(url);
    const analytics = load({
      writeKey,
      apiHost: `${host}/v1`,
      protocol: protocol.replace(':', ''),
      deliveryStrategy: DELIVERY[delivery],
    });

    function see(number, status) {
      const times = (unanswered.get(number) ?? 0) + (status === 0 ? 1 : 0);
      unanswered.set(number, times);
      if (status >= 200 && status < 300) report.taken.push(number);
      else if (status >= 400 && status < 429) report.refused.push({ number, reason: `status ${status}` });
      else if (times === tries) report.refused.push({ number, reason: 'no answer that the page may read' });
      else return;
      settle.get(number)();
    }

    const waiting = Array.from({ length: events }, (_, number) => number);
    const work = async () => {
      for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
        if (number >= half) await halfWay();
        const settled = new Promise((resolve) => settle.set(number, resolve));
        void analytics.track('Page Seen', { number }, { userId: `c${Math.floor(number / 10)}` });
        await settled;
      }
    };
    await Promise.all(Array.from({ length: 50 }, work));
    return report;
  };
})();
