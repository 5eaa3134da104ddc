/** Members by the object that has them. Names that several objects have are left out. */
const MEMBERS: Readonly<
  Record<"top" | "admin" | "environment" | "source" | "redis", readonly string[]>
> = {
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
    ...[
      "apiKey",
      "clientKey",
      "deploymentKey",
      "secretKey",
      "projectApiKey",
      "cohortSync",
      "streaming",
    ],
    ...["apiHost", "baseUrl", "host", "serverUrl", "serverZone", "streamingHost"],
    ...["pollIntervalMs", "pollJitterMs", "proxy", "requestTimeoutMs", "headers"],
  ],
  redis: ["namespace"],
};

/**
 * Where an unknown member belongs.
 *
 * @param path - of the object that has it; empty: the configuration itself.
 * @returns `null` if it is not a member of another object.
 */
export function placeOf(name: string, path: string): string | null {
  const [environment = "environments[0]"] = /^environments\[\d+\]/.exec(path) ?? [];
  const places = {
    top: "the configuration itself",
    admin: "admin",
    environment,
    source: `${environment}.source`,
    redis: `${environment}.redis`,
  };
  for (const [owner, members] of Object.entries(MEMBERS)) {
    const place = places[owner as keyof typeof MEMBERS]; // one of its keys
    if (members.includes(name)) return place === path ? null : place;
  }
  return null;
}
