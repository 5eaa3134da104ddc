-- Who will be in the test.
SELECT JSON_VALUE(answer, '$.variation') AS variation, COUNT(*) AS subjects
FROM (
  SELECT my_dataset.sortition_assign('new-checkout', user_id, TO_JSON(STRUCT(country)), UNIX_MILLIS(CURRENT_TIMESTAMP())) AS answer
  FROM my_dataset.users
)
GROUP BY variation;

-- Exposures that were not logged.
SELECT seen_at AS timestamp, user_id AS subject, JSON_VALUE(answer, '$.variation') AS variation, JSON_VALUE(answer, '$.experiment') AS experiment
FROM (
  SELECT seen_at, user_id, my_dataset.sortition_assign('new-checkout', user_id, TO_JSON(STRUCT(country)), UNIX_MILLIS(seen_at)) AS answer
  FROM my_dataset.page_views
)
WHERE JSON_VALUE(answer, '$.experiment') IS NOT NULL;

-- The summary of `sortition replay`.
SELECT DATE(timestamp) AS day, flag, JSON_VALUE(my_dataset.sortition_replay(
  flag, user_id, attributes, UNIX_MILLIS(timestamp), variation, allocation, experiment), '$.kind') AS kind, COUNT(*) AS exposures
FROM my_dataset.exposures
GROUP BY day, flag, kind;

-- Repeated exposures, and subjects with two variations.
SELECT COUNT(*) - COUNT(DISTINCT message_id) AS duplicates FROM my_dataset.exposures;

SELECT COUNT(*) AS two_variations FROM (
  SELECT flag, experiment, user_id FROM my_dataset.exposures GROUP BY flag, experiment, user_id HAVING COUNT(DISTINCT variation) > 1
) AS subjects;
