-- Compares each exposure with the result of sortition-evaluate. The id of a request contains the logged values, and the
-- response repeats it, so each row counts once. `type` is the type of the flags: run the query again for flags of other
-- types. Replace `country` and `version` by the attributes that your rules read.
SELECT
    JSONExtractString(id, 'flag') AS flag,
    count() AS rows,
    countIf(JSONExtractBool(id, 'missing')) AS missing,
    countIf(NOT JSONExtractBool(id, 'missing') AND assigned = '') AS unassigned,
    countIf(NOT JSONExtractBool(id, 'missing') AND assigned != '' AND assigned != logged) AS wrong
FROM
(
    SELECT
        id,
        JSONExtractString(id, 'variation') AS logged,
        JSONExtractString(evaluationDetails, 'variationKey') AS assigned
    FROM executable(
        'sortition-evaluate',
        'JSONEachRow',
        'id String, evaluationDetails String',
        (
            SELECT
                toJSONString(tuple(featureFlag, variation, NOT JSONHas(exposures.subjectAttributes, 'country'))
                    ::Tuple(flag String, variation String, missing Bool)) AS id,
                toUnixTimestamp64Milli(timestamp::DateTime64(3, 'UTC')) AS now,
                featureFlag AS flag,
                'string' AS type,
                '' AS default,
                subject AS subjectKey,
                map(
                    'country', JSONExtract(exposures.subjectAttributes, 'country', 'Nullable(String)'),
                    'version', JSONExtract(exposures.subjectAttributes, 'version', 'Nullable(String)')
                ) AS subjectAttributes
            FROM file('exposures.parquet') AS exposures
            WHERE subject != ''
            SETTINGS output_format_json_quote_64bit_integers = 0
        ),
        SETTINGS command_read_timeout = 60000
    )
)
GROUP BY flag
