-- Activities of RavenStack's five files, for the template b2b-saas: `perennial replay` and `import` with --input THIS FILE.
-- The subject is an account, so every activity is its account's, also those that the files keep by subscription.
--
-- What the files do not say, and how it is decided here:
--   * An account has about ten subscriptions side by side. The first paid one is the contract; further ones, and those that end,
--     are more and less revenue and seats. After a churn event the next one is a new contract.
--   * A churn event ends the contract and all subscriptions that run then; their own end dates come too late.
--   * Nobody can use what they have not signed up for: use and tickets from before the account's sign-up are left out.
--   * Most times are days. Activities of one day come in the order of their ids: account, churn, subscriptions, tickets, use.
WITH accounts AS (
  SELECT * FROM read_csv(getvariable('here') || '/ravenstack_accounts.csv', all_varchar = true)
),
churned AS (
  SELECT churn_event_id AS id, account_id, CAST(churn_date AS TIMESTAMP) AS day, reason_code, feedback_text
  FROM read_csv(getvariable('here') || '/ravenstack_churn_events.csv', all_varchar = true)
),
bought AS (
  SELECT
    subscription_id AS id,
    account_id,
    plan_tier AS plan,
    CAST(seats AS INTEGER) AS seats,
    CAST(mrr_amount AS DECIMAL(12, 2)) AS mrr,
    is_trial = 'True' AS trial,
    CAST(start_date AS TIMESTAMP) AS started,
    CAST(end_date AS TIMESTAMP) AS ended
  FROM read_csv(getvariable('here') || '/ravenstack_subscriptions.csv', all_varchar = true)
),
-- Of each subscription: how often its account had churned when it began, and the churn event that closes it (none: null).
subscriptions AS (
  SELECT
    b.*,
    count(c.id) FILTER (c.day <= b.started) AS churns_before,
    arg_min(c.id, (c.day, c.id)) FILTER (c.day > b.started AND (b.ended IS NULL OR c.day < b.ended)) AS closed_by
  FROM bought AS b LEFT JOIN churned AS c USING (account_id)
  GROUP BY ALL
),
paid AS (
  SELECT *, row_number() OVER (PARTITION BY account_id, churns_before ORDER BY started, id) = 1 AS is_contract
  FROM subscriptions
  WHERE NOT trial
),
lost AS (
  SELECT closed_by AS id, sum(mrr) AS mrr, sum(seats) AS seats FROM paid WHERE closed_by IS NOT NULL GROUP BY closed_by
),
usage AS (
  SELECT u.*, s.account_id, CAST(u.usage_date AS TIMESTAMP) AS day
  FROM read_csv(getvariable('here') || '/ravenstack_feature_usage.csv', all_varchar = true) AS u
  JOIN subscriptions AS s ON s.id = u.subscription_id
  JOIN accounts AS a ON a.account_id = s.account_id
  WHERE u.usage_date >= a.signup_date
),
tickets AS (
  SELECT t.*, CAST(t.submitted_at AS TIMESTAMP) AS day, CAST(t.closed_at AS TIMESTAMP) AS closed
  FROM read_csv(getvariable('here') || '/ravenstack_support_tickets.csv', all_varchar = true) AS t
  JOIN accounts AS a USING (account_id)
  WHERE t.submitted_at >= a.signup_date
),
activities AS (
  SELECT
    account_id AS "customerId",
    CAST(signup_date AS TIMESTAMP) AS timestamp,
    'Account Created' AS event,
    account_id AS id,
    json_object('industry', industry, 'country', country, 'source', referral_source) AS properties
  FROM accounts
  UNION ALL
  SELECT account_id, started, 'Trial Started', id, json_object('plan', plan) FROM subscriptions WHERE trial
  UNION ALL
  SELECT account_id, started, 'Contract Signed', id, json_object('mrr', mrr, 'plan', plan) FROM paid WHERE is_contract
  UNION ALL
  SELECT account_id, started, 'MRR Increased', id, json_object('by', mrr, 'plan', plan) FROM paid WHERE NOT is_contract
  UNION ALL
  SELECT account_id, started, 'Seats Changed', id || '-seats', json_object('change', seats) FROM paid
  UNION ALL
  SELECT account_id, ended, 'MRR Decreased', id || '-end', json_object('by', mrr)
  FROM paid WHERE ended IS NOT NULL AND closed_by IS NULL
  UNION ALL
  SELECT account_id, ended, 'Seats Changed', id || '-end-seats', json_object('change', -seats)
  FROM paid WHERE ended IS NOT NULL AND closed_by IS NULL
  UNION ALL
  SELECT account_id, day, 'Contract Ended', id, json_object('mrr', coalesce(mrr, 0), 'reason', reason_code, 'said', feedback_text)
  FROM churned LEFT JOIN lost USING (id)
  UNION ALL
  SELECT account_id, day, 'Seats Changed', id || '-seats', json_object('change', -seats) FROM churned JOIN lost USING (id)
  UNION ALL
  -- Some usage ids come twice, for other subscriptions: with the subscription's they are unique.
  SELECT
    account_id,
    day,
    CASE is_beta_feature WHEN 'True' THEN 'Beta Feature Used' ELSE 'Key Feature Used' END,
    usage_id || '-' || subscription_id,
    json_object('feature', feature_name, 'times', CAST(usage_count AS INTEGER), 'errors', CAST(error_count AS INTEGER))
  FROM usage
  UNION ALL
  SELECT account_id, day, 'Ticket Opened', ticket_id, json_object('priority', priority) FROM tickets
  UNION ALL
  SELECT account_id, day, 'Complaint Raised', ticket_id || '-complaint', json_object('priority', priority)
  FROM tickets WHERE escalation_flag = 'True'
  UNION ALL
  SELECT account_id, closed, 'Survey Answered', ticket_id || '-survey', json_object('score', CAST(CAST(satisfaction_score AS DOUBLE) AS INTEGER))
  FROM tickets WHERE satisfaction_score IS NOT NULL
)
SELECT * FROM activities ORDER BY timestamp, id, "customerId"
