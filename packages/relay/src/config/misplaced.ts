import { requestReaders } from "@sortition/core/internal";
import { pollingReaders } from "@sortition/node/internal";
import { VENDOR_FACTS } from "./config.js";

/** Member names by the object they belong to, without names that belong to several objects. */
const MEMBERS = (): Readonly<
  Record<"top" | "admin" | "environment" | "source" | "redis", readonly string[]>
> => ({
  top: [
    "admin",
    "drainMs",
    "environments",
    "publicUrl",
    "readiness",
    "spreadMs",
    "streamLifeMs",
    "ticketKey",
  ],
  admin: ["hosts", "password"],
  environment: [
    ...["diskCache", "evaluate", "loggers", "origins", "passThrough", "redis", "source", "tokens"],
    "webhookSecret",
  ],
  source: [
    ...Object.values(VENDOR_FACTS).flatMap(({ secrets }) => secrets),
    ...["projectApiKey", "cohortSync", "streaming"],
    ...["apiHost", "baseUrl", "host", "serverUrl", "serverZone", "streamingHost"],
    ...["proxy", ...Object.keys(requestReaders()), ...Object.keys(pollingReaders())],
  ],
  redis: ["namespace"],
});

/**
 * Returns where an unknown member belongs.
 *
 * @param path - path of the object that contains it; empty for the top level.
 * @returns `null` if it belongs to no other object either.
 */
export function placeOf(name: string, path: string): string | null {
  const [environment = "environments[0]"] = /^environments\[\d+\]/.exec(path) ?? [];
  const places = {
    top: "the root object",
    admin: "admin",
    environment,
    source: `${environment}.source`,
    redis: `${environment}.redis`,
  };
  for (const [owner, members] of Object.entries(MEMBERS())) {
    const place = places[owner as keyof typeof places]; // one of its keys
    if (members.includes(name)) return place === path ? null : place;
  }
  return null;
}
