import { OptionError } from "@sortition/core/dialect";

/** The data centre of an Amplitude project. */
export type ServerZone = "us" | "eu";

/** URLs of the vendor's services in a zone. */
export interface ServerUrls {
  /** Address for remote evaluation. */
  readonly remote: string;
  readonly flags: string;
  readonly stream: string;
  readonly cohort: string;
}

const US: ServerUrls = {
  remote: "https://api.lab.amplitude.com",
  flags: "https://api.lab.amplitude.com",
  stream: "https://stream.lab.amplitude.com",
  cohort: "https://cohort-v2.lab.amplitude.com",
};

const EU: ServerUrls = {
  remote: "https://api.lab.eu.amplitude.com",
  flags: "https://flag.lab.eu.amplitude.com",
  stream: "https://stream.lab.eu.amplitude.com",
  cohort: "https://cohort-v2.lab.eu.amplitude.com",
};

/**
 * Returns the URLs of a zone: `eu`, in upper or lower case, is the European one; any other string
 * means the United States.
 *
 * @throws OptionError if the zone is not a string.
 */
export function serverUrlsOf(zone: unknown = "us"): ServerUrls {
  if (typeof zone !== "string") throw new OptionError("serverZone", "expected a string");
  return zone.toLowerCase() === "eu" ? EU : US;
}

/**
 * Reads the zone of a source. With any other one, the key would be sent to the United States.
 *
 * @throws OptionError
 */
export function readZone(path: string, value: unknown): ServerUrls {
  if (typeof value === "string" && !/^(us|eu)$/i.test(value)) {
    throw new OptionError(path, 'expected "us" or "eu"');
  }
  return serverUrlsOf(value);
}
