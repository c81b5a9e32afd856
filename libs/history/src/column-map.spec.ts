import { InvalidInput } from '@perennial/values';
import fc from 'fast-check';
import { parseColumnMap, type MapSource } from './column-map';

const column = (name: string): MapSource => ({ kind: 'column', name });
const text = (value: string): MapSource => ({ kind: 'text', text: value });
const read = (map: string): { fields: unknown; properties: unknown } => {
  const { fields, properties } = parseColumnMap(map);
  return { fields: Object.fromEntries(fields), properties: Object.fromEntries(properties) };
};

function refusal(map: string): string {
  try {
    parseColumnMap(map);
  } catch (error) {
    if (error instanceof InvalidInput) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

const NEEDED = 'customer=c,timestamp=t,event=e';

describe('A map of columns', () => {
  it('has columns, texts, and properties by any other name', () => {
    expect(
      read(`customer=customer_id,timestamp=ordered_at,event='Order Completed',id=no,total=gross,currency='GBP'`),
    ).toEqual({
      fields: {
        customerId: column('customer_id'),
        timestamp: column('ordered_at'),
        event: text('Order Completed'),
        id: column('no'),
      },
      properties: { total: column('gross'), currency: text('GBP') },
    });
  });

  it('takes blanks around, customerId for customer, and quotes where they are needed', () => {
    expect(read(` customerId = "Kunde, Nr. ""a=b""" , timestamp=Order Date,event='it''s' , "the total"=" x "`)).toEqual(
      {
        fields: { customerId: column('Kunde, Nr. "a=b"'), timestamp: column('Order Date'), event: text("it's") },
        properties: { 'the total': column(' x ') },
      },
    );
    expect(read(`${NEEDED},note=''`).properties).toEqual({ note: text('') });
  });

  it('is read back as it was written, whatever the names', () => {
    const name = fc.string({ minLength: 1, maxLength: 20 }).filter((some) => !some.includes('\0'));
    const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(name, name, (source, value) => {
        const map = `customer=${quoted(source)},timestamp=t,event='${value.replaceAll("'", "''")}'`;
        expect(read(map).fields).toMatchObject({ customerId: column(source), event: text(value) });
      }),
    );
  });

  it.each([
    ['', 'has no name at its end: write NAME=COLUMN'],
    ['customer=c,timestamp=t', `lacks event: write for example --map "customer=customer_id`],
    ['customer_id=c,timestamp=t,event=e', 'lacks customer (did you mean customer where "customer_id" stands?)'],
    [
      'Customer=c,Timestamp=t,Event=e',
      'lacks customer, timestamp, event (did you mean customer where "Customer" stands?)',
    ],
    [`${NEEDED},event=f`, 'names "event" twice: give each name one column'],
    [`${NEEDED},customerId=f`, 'names "customerId" twice'],
    [`${NEEDED},total=a,total=b`, 'names "total" twice'],
    [`${NEEDED},`, 'has no name at its end'],
    [`${NEEDED},,total=a`, 'has no name before ",total=a"'],
    [`${NEEDED},total`, 'has no = after "total"'],
    [`${NEEDED},total=`, 'has nothing after "total"=: name a column'],
    [`${NEEDED},total=a=b`, 'has a second = before "a=b": a column with = in its name stands in double quotes'],
    [`customer='c1',timestamp=t,event=e`, 'gives customer a text, which would be the same in every row'],
    [`${NEEDED},'total'=a`, 'has the name "total" in single quotes'],
    [`customer=c,timestamp=t,event='Order`, `opens a quote (') before "'Order" that is not closed`],
    [`customer=c,timestamp=t,event='a'b`, 'has text after the closing quote'],
    [`${NEEDED},properties=p,total=a`, 'has properties, which is the whole object, and "total" beside it'],
    [`${NEEDED},${'x'.repeat(300)}=a`, 'a name is of at most 256 characters'],
    [`${NEEDED},a='\u0000'`, 'has the character U+0000'],
    ['x'.repeat(20_000), 'is longer than 16384 characters'],
    [`${NEEDED},${Array.from({ length: 201 }, (_, n) => `p${n}=c`).join(',')}`, 'has 201 properties, at most 200'],
  ])('%j is refused', (map, says) => {
    const message = refusal(map);
    expect(message).toContain('HISTORY.MAP --map ');
    expect(message).toContain(says);
    expect(message.length).toBeLessThan(500);
  });
});
