/** The past of a mobile operator's lines, made up: for the template telecom, so that customers come by nested states, histories and regions. */
import { formatInstant } from '@perennial/values';
import type { Chance } from './simulation/chance';

const DAY = 86_400_000;
const START = Date.UTC(2022, 0, 1);

/** CSV: `at, line, event, amount`; the amount of a plan is its change. */
export function mobileLinesCsv(lines: number, eventsOfLine: number, chance: Chance): string {
  const rows = Array.from({ length: lines }, (_, line) => eventsOf(`line-${line}`, eventsOfLine, chance)).flat();
  return `at,line,event,amount\n${rows.join('\n')}\n`;
}

/** Most lines are used every day or so for a while, then seldom; some rest for months. */
function eventsOf(line: string, events: number, chance: Chance): string[] {
  let at = START + chance.between(0, 100) * DAY;
  let pace = 1;
  return Array.from({ length: events }, (_, index) => {
    if (chance.next() < 0.08) pace = chance.pick([1, 1, 2, 4, 9]);
    at += chance.next() < 0.02 ? chance.between(31, 140) * DAY : Math.round((0.5 + chance.next()) * pace * DAY);
    return `${formatInstant(at)},${line},${index === 0 ? 'SIM Activated,' : eventWithAmount(chance)}`;
  });
}

function eventWithAmount(chance: Chance): string {
  const luck = chance.next();
  if (luck < 0.75) return 'Line Used,';
  if (luck < 0.87) return chance.pick(['Top Up Completed,15.00', 'Bill Paid,30.00']);
  if (luck < 0.93) return `Plan Changed,${chance.pick(['25.00', '-15.00', '-10.00'])}`;
  return `${chance.pick(['Network Fault Reported', 'Network Fault Reported', 'Complaint Made', 'Contract Signed', 'Notice Given', 'Line Ended'])},`;
}
