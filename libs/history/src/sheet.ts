/**
 * Activities as text, a column in each: what a worker thread is handed, who makes activities of it by itself.
 */
import type { Activity, ActivityType } from '@perennial/contracts';
import type { CustomerId, Instant, JsonObject } from '@perennial/values';

/** An activity whose time is known. */
export interface TimedActivity extends Activity {
  readonly at: Instant;
}

/** An activity of a history. */
export interface PastActivity extends TimedActivity {
  /** Its row of the input, from 1: the header line, and blank lines of a text file, are no rows. */
  readonly row: number;
}

/** Some rows of a history. A column in which all are the same has that value once; no value contains the separator. */
export interface Sheet {
  readonly rows: number;
  /** Each row's place in the order of time, from 0; empty unless they were asked for. */
  readonly places: string;
  /** Each row's number in the input, from 1; empty unless they were asked for. */
  readonly numbers: string;
  readonly customers: string;
  readonly instants: string;
  readonly types: string;
  readonly events: string;
  readonly ids: string;
  /** JSON, separated by commas. */
  readonly properties: string;
}

const SEPARATOR = '\0';
const NO_PROPERTIES: JsonObject = {};

/** The activities of a sheet; null when its properties hold what DuckDB takes for JSON and JSON.parse does not. */
export function activitiesOf(sheet: Sheet): readonly TimedActivity[] | null {
  const properties = parseObjects(sheet.properties);
  if (properties === null) return null;
  const customers = sheet.customers.split(SEPARATOR);
  const instants = numbersOf(sheet.instants);
  const type = column(sheet.types);
  const event = column(sheet.events);
  const id = column(sheet.ids);
  const activities: TimedActivity[] = [];
  for (let row = 0; row < sheet.rows; row++) {
    activities.push({
      id: id(row) || null,
      customer: (customers[row] ?? '') as CustomerId,
      type: type(row) as ActivityType,
      event: type(row) === 'track' ? event(row) : null,
      at: instants[row] ?? Number.NaN,
      properties: properties[row] ?? NO_PROPERTIES,
    });
  }
  return activities;
}

/** The same of a sheet with numbers of rows. */
export function pastActivitiesOf(sheet: Sheet): readonly PastActivity[] | null {
  const numbers = numbersOf(sheet.numbers);
  return activitiesOf(sheet)?.map((activity, index) => Object.assign(activity, { row: numbers[index] ?? 0 })) ?? null;
}

/** Each row's place in the order of time. */
export const placesOf = ({ places }: Sheet): readonly number[] => (places === '' ? [] : numbersOf(places));

export function parseObjects(joined: string): readonly (JsonObject | null)[] | null {
  try {
    return JSON.parse(`[${joined}]`) as readonly (JsonObject | null)[];
  } catch {
    return null;
  }
}

const numbersOf = (text: string): number[] => text.split(' ').map(Number);

function column(text: string): (row: number) => string {
  const values = text.split(SEPARATOR);
  const [only = ''] = values;
  return values.length === 1 ? () => only : (row) => values[row] ?? '';
}
