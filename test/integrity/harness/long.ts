/** LONG_TESTS=1, as `npm run test:long` sets it: more kills, longer outages, the default time-outs. */
export const LONG = process.env['LONG_TESTS'] === '1';
