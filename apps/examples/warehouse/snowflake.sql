-- The summary of `sortition replay`.
SELECT TO_DATE(ts) AS day, flag, sortition_replay(
  flag, user_id, attributes, DATE_PART(EPOCH_MILLISECOND, ts)::DOUBLE, variation, allocation, experiment):kind::VARCHAR AS kind, COUNT(*) AS exposures
FROM exposures
GROUP BY day, flag, kind;

-- Repeated exposures, and subjects with two variations.
SELECT COUNT(*) - COUNT(DISTINCT message_id) AS duplicates FROM exposures;

SELECT COUNT(*) AS two_variations FROM (
  SELECT flag, experiment, user_id FROM exposures GROUP BY flag, experiment, user_id HAVING COUNT(DISTINCT variation) > 1
) AS subjects;
