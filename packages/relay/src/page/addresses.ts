/** The address of a page of an environment. */
export function pageAddress(
  environment: string,
  page: "subject" | "flags" | "flag" | "changes" | "change",
  query: Readonly<Record<string, string>> = {},
): string {
  return `/page/${environment}/${page}${queryText(query)}`;
}

/** The address of the changes of all environments. */
export const ALL_CHANGES = "/page/changes";

/** The address of the JSON of a flag, which has all of it. */
export function flagJsonAddress(environment: string, flagKey: string): string {
  return `/api/v1/flags/${encodeURIComponent(wellFormed(flagKey))}${queryText({ environment })}`;
}

/** The address of the JSON of a change. */
export function changeJsonAddress(
  environment: string,
  revision: string,
  query: Readonly<Record<string, string>>,
): string {
  return `/api/v1/changes/${revision}${queryText({ environment, ...query })}`;
}

function queryText(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === "" ? "" : `?${text}`;
}

/** No address can have half of a surrogate pair. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}
