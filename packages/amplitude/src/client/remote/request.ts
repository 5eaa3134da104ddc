import { RELEASE } from "../../version.js";
import type { ExperimentUser } from "../user.js";

const LIBRARY = `experiment-node-server/${RELEASE.version}`;
/** Maximum size of a header that common servers and proxies accept. */
const MAX_USER_HEADER_BYTES = 8_000;

/** Options of one remote evaluation. If a member is absent or `null`, the server decides. */
export interface FetchOptions {
  /** The flags to evaluate. Default: all. */
  flagKeys?: string[] | undefined;
  /** Whether the server tracks an exposure event. The server's default: no. */
  tracksExposure?: boolean | undefined;
  /** Whether the server tracks an assignment event. The server's default: yes. */
  tracksAssignment?: boolean | undefined;
}

/** The request of one evaluation, identical in each try. */
export interface EvaluationRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the user exceeds the header size that some servers and proxies accept. */
  readonly isLarge: boolean;
}

/** Creates a request `GET /sdk/v2/vardata` with the user and the options as headers. */
export function evaluationRequest(
  serverUrl: string,
  deploymentKey: string,
  user: ExperimentUser,
  options: FetchOptions,
): EvaluationRequest {
  const { flagKeys, tracksAssignment, tracksExposure } = options;
  const userHeader = base64Url({ library: LIBRARY, ...user });
  const headers: Record<string, string> = {
    authorization: `Api-Key ${deploymentKey}`,
    "x-amp-exp-user": userHeader,
  };
  if (flagKeys) headers["x-amp-exp-flag-keys"] = base64Url(flagKeys);
  if (isGiven(tracksAssignment)) headers["x-amp-exp-track"] = trackText(tracksAssignment);
  if (isGiven(tracksExposure)) headers["x-amp-exp-exposure-track"] = trackText(tracksExposure);
  return {
    url: new URL(`${serverUrl}/sdk/v2/vardata?v=0`),
    headers,
    isLarge: userHeader.length > MAX_USER_HEADER_BYTES,
  };
}

function base64Url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}

function trackText(isTracked: boolean): string {
  return isTracked ? "track" : "no-track";
}
