-- Activities of orders.csv, for `perennial replay --input` and for the import of `npm start`.
-- A row is an order when it has a gross amount, or neither amount (a free order); it is a refund when something was
-- returned; a row with both is both. Customer and minute are unique, so the ids are too, and the same in every run.
-- Within a minute activities are sorted by id: 'order' comes before 'refund'.
WITH orders AS (
  SELECT
    *,
    strptime(ordered_at, '%Y-%m-%dT%H:%MZ') AS minute,
    customer_id || '-' || ordered_at AS id
  FROM read_csv(
    getvariable('here') || '/orders.csv',
    header = true,
    columns = {
      customer_id: 'VARCHAR', ordered_at: 'VARCHAR', country: 'VARCHAR', lines: 'INTEGER', units: 'INTEGER',
      gross_gbp: 'DECIMAL(12, 2)', returned_gbp: 'DECIMAL(12, 2)'
    }
  )
)
SELECT
  customer_id AS "customerId",
  minute AS timestamp,
  'Order Completed' AS event,
  id || '-order' AS id,
  {total: gross_gbp, currency: 'GBP'} AS properties
FROM orders
WHERE gross_gbp > 0 OR returned_gbp = 0
UNION ALL
SELECT
  customer_id,
  minute,
  'Order Refunded',
  id || '-refund',
  {total: returned_gbp, currency: 'GBP'}
FROM orders
WHERE returned_gbp > 0
