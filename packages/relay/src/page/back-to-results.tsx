import type { JSX } from "hono/jsx/jsx-runtime";
import { pageAddress } from "./addresses.js";
import { SUBJECT_NAMES, type SubjectFields } from "./subject-form.js";
import { Text } from "./text.js";

interface BackToResultsProps {
  readonly environment: string;
  readonly fields: SubjectFields;
  /** Index of the first flag in the list of results. */
  readonly from: string;
}

/** Returns from a flag's page to the results. The subject is in the form, so that no address contains it. */
export function BackToResults({ environment, fields, from }: BackToResultsProps): JSX.Element {
  const { compare, flag, now, revision, search, subject } = fields;
  const entered = [
    [SUBJECT_NAMES.key, subject.key] as const,
    ...subject.rows.flatMap(([name, value]) => [
      [SUBJECT_NAMES.name, name] as const,
      [SUBJECT_NAMES.value, value] as const,
    ]),
    [SUBJECT_NAMES.json, subject.json] as const,
  ];
  const address = pageAddress(environment, "subject", from === "" ? {} : { from });
  return (
    <form class="back" method="post" action={`${address}#results`}>
      {[...entered, ...Object.entries({ compare, flag, now, revision, search })].map(
        ([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ),
      )}
      <button type="submit">
        Back to the results for <Text text={subject.key} />
      </button>
    </form>
  );
}
