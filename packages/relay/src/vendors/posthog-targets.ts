/** A request of PostHog's SDKs that is forwarded to PostHog. */
export interface Target {
  /** Path of the forwarded request. In an SDK's request, a slash at the end is optional. */
  readonly path: string;
  /** Query parameters that are forwarded if their values are harmless. All others are dropped. */
  readonly parameters: readonly string[];
  /** Where the request names the project. Outside the body, the relay writes the key of its own project. */
  readonly project: "body" | "query" | "bearer";
  /** Whether it can be sent twice, because it contains no event. Default: `false`. */
  readonly isRepeatable?: true;
}

/** Query parameters that browsers send. */
const CAPTURE = ["compression", "ip", "_", "ver", "retry_count", "beacon"];
const FLAGS = ["v", "config", "compression", "ip", "_", "ver"];

/**
 * Paths of events, logs and remote flags, from the sources of the vendor's SDKs. Nothing else is forwarded. Patterns would
 * let callers reach other paths of the vendor's API.
 */
const TARGETS: readonly Target[] = [
  { path: "/batch/", parameters: CAPTURE, project: "body" },
  { path: "/e/", parameters: CAPTURE, project: "body" },
  { path: "/capture/", parameters: CAPTURE, project: "body" },
  { path: "/i/v0/e/", parameters: CAPTURE, project: "body" },
  { path: "/i/v0/ai/", parameters: [], project: "body" },
  { path: "/i/v0/ai/batch/", parameters: [], project: "body" },
  { path: "/i/v1/analytics/events", parameters: [], project: "bearer" },
  { path: "/i/v1/ai/events", parameters: [], project: "bearer" },
  { path: "/i/v1/logs", parameters: [], project: "query" },
  { path: "/i/v1/metrics", parameters: [], project: "query" },
  { path: "/i/v1/traces", parameters: [], project: "bearer" },
  { path: "/flags/", parameters: FLAGS, project: "body", isRepeatable: true },
  { path: "/decide/", parameters: FLAGS, project: "body", isRepeatable: true },
];

/** Returns the target of an SDK's request; `null` for any other path. */
export function targetOf(path: string): Target | null {
  const isSame = (it: Target): boolean => withSlash(it.path) === withSlash(path);
  return TARGETS.find(isSame) ?? null;
}

function withSlash(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}

/** Template of the path of a remote configuration, for logs and metrics. */
export const REMOTE_CONFIG_TEMPLATE = "/api/projects/@current/feature_flags/:key/remote_config";

/** The path contains a flag's key, so keys such as `..` are excluded. */
const REMOTE_CONFIG =
  /^\/api\/projects\/@current\/feature_flags\/(?!\.{1,2}\/)([\w.-]{1,400})\/remote_config\/?$/;

/** Returns the flag whose remote configuration a path names; `null` for any other path. */
export function remoteConfigKey(path: string): string | null {
  return REMOTE_CONFIG.exec(path)?.[1] ?? null;
}
