/** A request of PostHog's SDKs that goes on to PostHog. */
export interface Target {
  /** Path of the SDK's request, and of the one that goes up. */
  readonly path: string;
  /** Parameters of the query that go up, if they are harmless. All others are dropped. */
  readonly parameters: readonly string[];
  /** How the project is named beside the body, written anew by the relay. */
  readonly project: "body" | "query" | "bearer";
}

/** What browsers say of the body's compression, and of the request. */
const CAPTURE = ["compression", "ip", "_", "ver", "retry_count", "beacon"];
const FLAGS = ["v", "config", "compression", "ip", "_", "ver"];

/**
 * Paths of events, logs and remote flags, as the sources of the vendor's SDKs have them. Whatever is not in this list is not
 * passed on: a pattern would let a caller choose paths of the vendor's API.
 */
export const TARGETS: readonly Target[] = [
  { path: "/batch/", parameters: CAPTURE, project: "body" },
  { path: "/e/", parameters: CAPTURE, project: "body" },
  { path: "/capture/", parameters: CAPTURE, project: "body" },
  { path: "/i/v0/e/", parameters: CAPTURE, project: "body" },
  { path: "/i/v0/ai/batch/", parameters: [], project: "body" },
  { path: "/i/v1/analytics/events", parameters: [], project: "bearer" },
  { path: "/i/v1/ai/events", parameters: [], project: "bearer" },
  { path: "/i/v1/logs", parameters: [], project: "query" },
  { path: "/i/v1/metrics", parameters: [], project: "query" },
  { path: "/i/v1/traces", parameters: [], project: "bearer" },
  { path: "/flags/", parameters: FLAGS, project: "body" },
  { path: "/decide/", parameters: FLAGS, project: "body" },
];

/** Path of one remote configuration, as logs and metrics name it. */
export const REMOTE_CONFIG_TEMPLATE = "/api/projects/@current/feature_flags/:key/remote_config";

/** The key of a flag stands in the path, so it must not be one that means another path. */
const REMOTE_CONFIG =
  /^\/api\/projects\/@current\/feature_flags\/(?!\.{1,2}\/)([\w.-]{1,400})\/remote_config\/?$/;

/** The flag whose remote configuration a path asks for; `null` for any other path. */
export function remoteConfigKey(path: string): string | null {
  return REMOTE_CONFIG.exec(path)?.[1] ?? null;
}
