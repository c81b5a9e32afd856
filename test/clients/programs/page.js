/**
 * Runs in a page, in jsdom or in a browser, after the bundle of @segment/analytics-next. What is answered is read from the
 * requests themselves: the library tells its caller only what it gave up, and in batches not even that.
 */
(() => {
  const DELIVERY = {
    standard: { strategy: 'standard' },
    batching: { strategy: 'batching', config: { size: 25, timeout: 500 } },
  };

  function load(collector, writeKey, deliveryStrategy) {
    return window.AnalyticsNext.AnalyticsBrowser.load(
      {
        writeKey,
        cdnSettings: { integrations: { 'Segment.io': { apiKey: writeKey } } },
      },
      {
        integrations: {
          'Segment.io': {
            apiHost: `${collector.host}/v1`,
            protocol: collector.protocol.replace(':', ''),
            deliveryStrategy,
          },
        },
      },
    );
  }

  /** Calls `answered` with body and status of each request that is answered; status 0: the page may not know. */
  function watchRequests(answered) {
    if (window.fetch === undefined) watchXhr(answered);
    else watchFetch(answered);
  }

  function watchFetch(answered) {
    const { fetch } = window;
    window.fetch = async (url, init) => {
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
   * Resolves with the report once each event has its fate. `tries`: an event that got no answer so often is given up
   * here (the library would try for hours). `halfWay` resolves when the second half may be sent.
   */
  window.sendEvents = async ({ url, writeKey, delivery, events, tries }, halfWay) => {
    const fates = new Map();
    const failures = new Map();
    const half = Math.floor(events / 2);
    const analytics = load(new URL(url), writeKey, DELIVERY[delivery]);
    await new Promise((resolve) => {
      watchRequests((body, status) => {
        const message = JSON.parse(body);
        for (const { properties } of message.batch ?? [message]) {
          const { number } = properties;
          failures.set(number, (failures.get(number) ?? 0) + (status === 0 ? 1 : 0));
          if (status >= 200 && status < 300) fates.set(number, null);
          else if (status >= 400 && status < 429) fates.set(number, `status ${status}`);
          else if (failures.get(number) === tries) fates.set(number, 'no answer that the page may read');
        }
        if (fates.size === events) resolve();
      });
      const work = async (from) => {
        for (let number = from; number < events; number += 10) {
          if (number >= half) await halfWay();
          await analytics.track('Seen', { number }, { userId: `c${Math.floor(number / 10)}` });
        }
      };
      for (let worker = 0; worker < 10; worker += 1) void work(worker);
    });
    return {
      taken: [...fates].filter(([, reason]) => reason === null).map(([number]) => number),
      refused: [...fates].filter(([, reason]) => reason !== null).map(([number, reason]) => ({ number, reason })),
    };
  };
})();
