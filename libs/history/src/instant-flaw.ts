import { timeTextFlaw } from '@perennial/contracts';

const WITHOUT_OFFSET = /^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d([.,]\d+)?)?)?$/;

/** Why a text is no instant of a history, and the remedy; begins with a verb. `isZoned`: whether `--zone` was given. */
export function instantFlaw(text: string, isZoned: boolean): string {
  if (/^-?\d+(\.\d+)?$/.test(text)) {
    return (
      'is a number, but not of 12 to 15 digits: write whole milliseconds since 1970 (fewer digits are taken for seconds or ' +
      'dates), or RFC 3339 with a zone, such as 2010-12-01T08:26:00Z'
    );
  }
  const flaw = timeTextFlaw(text);
  if (WITHOUT_OFFSET.test(text) && !flaw.startsWith('names'))
    return isZoned
      ? 'is no time of the calendar: write one that is'
      : `${flaw}, or name the zone with --zone Europe/Berlin`;
  return /^\d{4}-|^$/.test(text) ? flaw : `${flaw}, or read it with strptime in a query`;
}
