/**
 * Prints stages and moves of the retail lifecycle by hand, as JSON:
 * npx swc test/oracle -d tmp && node tmp/test/oracle/run-by-hand.js deploy/sample/online-retail/orders.csv
 */
import { readFileSync } from 'node:fs';
import { retailByHand, summaryByHand } from './retail-by-hand';

const [file] = process.argv.slice(2);
const facts = file === undefined ? retailByHand() : retailByHand(readFileSync(file, 'utf8'));
process.stdout.write(`${JSON.stringify(summaryByHand(facts), null, 2)}\n`);
