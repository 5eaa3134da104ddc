import type { Configuration } from "../model/configuration.js";
import type { EventMetadata } from "../model/exposure.js";

/** The package that created a client, as named in events. */
export interface Sdk {
  readonly name: string;
  readonly version: string;
}

/** Creates the metadata of events. All events of the same configuration share one object. */
export function createMetaData({
  name,
  version,
}: Sdk): (configuration: Pick<Configuration, "eventFields">) => EventMetadata {
  const metaDataOf = (own: object | undefined): EventMetadata =>
    Object.freeze({
      ...own,
      sdkLanguage: "javascript",
      sdkName: name,
      sdkLibVersion: version,
    });
  let known: object | undefined;
  let last = metaDataOf({});
  return ({ eventFields }) => {
    const own = eventFields?.metaData;
    if (own !== known) {
      known = own;
      last = metaDataOf(own);
    }
    return last;
  };
}
