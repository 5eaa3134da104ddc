import { requestReaders } from "@sortition/core/internal";
import { pollingReaders } from "@sortition/node/internal";
import { VENDOR_FACTS } from "./config.js";

/** Member names by the object they belong to, without names that belong to several objects. */
const MEMBERS = () => ({
  "the root object": [
    ...["accessLog", "admin", "drainMs", "environments", "logLevel", "publicUrl", "readiness"],
    ...["requestsPerSecond", "spreadMs", "streamLifeMs", "ticketKey"],
  ],
  admin: ["hosts", "password"],
  "": [
    ...["diskCache", "evaluate", "loggers", "origins", "passThrough", "redis", "source", "tokens"],
    ...["default", "dialect", "file", "options", "webhookSecret"],
  ],
  options: ["decryptionKey", "evaluationContexts", "refuseRiskyPatterns", "requireFeatures"],
  source: [
    ...Object.values(VENDOR_FACTS).flatMap(({ secrets }) => secrets),
    ...["projectApiKey", "cohortSync", "streaming", ...ADDRESSES, "serverZone", "streamingHost"],
    ...["proxy", ...Object.keys(requestReaders()), ...Object.keys(pollingReaders())],
  ],
  redis: ["namespace"],
  "tokens[0]": ["remoteEval", "scopes", "sha256"],
});

/** A vendor's source accepts only one of them. */
const ADDRESSES = ["apiHost", "baseUrl", "host", "serverUrl"];

/** What to write for a member that belongs nowhere, by the object that contains it. */
const ADVICE: readonly (readonly [object: RegExp, advice: string, names: string])[] = [
  [
    /^(admin)?$/,
    "the relay does not terminate TLS: put it behind an ingress or a proxy that does",
    "tls ssl https cert certificate",
  ],
  [
    /\.source$/,
    "for a private certificate authority, set the environment variable NODE_EXTRA_CA_CERTS to the path of its certificate",
    "tls ssl ca cert certificate rejectUnauthorized",
  ],
  [
    /\.redis$/,
    "write it in url: redis://USER:PASSWORD@HOST:PORT/DB, or rediss:// for TLS",
    "host port username user password db database tls",
  ],
  [/^environments\[\d+\]$/, "use dialect", "vendor provider"],
  [/^(admin)?$/, 'use listen, such as "0.0.0.0:8080"', "port host hostname address bind"],
  [
    /\.tokens\[\d+\]$/,
    "write sha256, which `sortition-relay token` prints with the token",
    "token secret value key password hash",
  ],
];

/**
 * Returns what to write instead of an unknown member, as the continuation of "unknown option".
 *
 * @param path - path of the object that contains it; empty for the top level.
 * @param others - other advice, which is used if there is none here.
 */
export function misplacedAdvice(name: string, path: string, others: string): string {
  const own = ADVICE.find(
    ([object, , names]) => object.test(path) && names.split(" ").includes(name),
  );
  const advice = own?.[1] ?? placeOf(name, path);
  return advice === null ? others : `; ${advice}`;
}

function placeOf(name: string, path: string): string | null {
  const [environment = "environments[0]"] = /^environments\[\d+\]/.exec(path) ?? [];
  const isDeep = path.includes("].");
  const [owner] = Object.entries(MEMBERS()).find(([, members]) => members.includes(name)) ?? [];
  if (owner === undefined || (owner === "admin" && isDeep)) return null;
  const isTop = owner === "the root object" || owner === "admin";
  const place = isTop ? owner : owner === "" ? environment : `${environment}.${owner}`;
  if (place === path || (owner === "the root object" && path === "")) return null;
  const isNamed = ADDRESSES.includes(name);
  return `it belongs in ${place}${isNamed ? ", under the vendor's name for it: apiHost, baseUrl, host or serverUrl" : ""}`;
}
