import type { AutoExperiment } from "./auto-experiment.js";
import { getAutoExperimentChangeType } from "./change-type.js";

/** The auto experiments that the caller has disabled. */
export interface AutoExperimentLimits {
  readonly disableVisualExperiments?: boolean | undefined;
  readonly disableJsInjection?: boolean | undefined;
  readonly disableUrlRedirectExperiments?: boolean | undefined;
  readonly disableCrossOriginUrlRedirectExperiments?: boolean | undefined;
  readonly blockedChangeIds?: readonly string[] | undefined;
}

/** Receives the error if a URL cannot be parsed. */
type OnUnreadable = (error: unknown) => void;

/**
 * Returns whether an auto experiment is blocked, so that no user is in it.
 *
 * @param url - URL of the current request. Without a URL, there are no redirects.
 */
export function isBlocked(
  experiment: AutoExperiment,
  url: string,
  limits: AutoExperimentLimits,
  onUnreadable: OnUnreadable = () => {},
): boolean {
  switch (getAutoExperimentChangeType(experiment)) {
    case "visual":
      if (limits.disableVisualExperiments) return true;
      if (limits.disableJsInjection && experiment.variations.some((it) => it.js)) return true;
      break;
    case "redirect":
      if (limits.disableUrlRedirectExperiments) return true;
      if (!mayRedirect(experiment, url, limits, onUnreadable)) return true;
      break;
    case "unknown":
      return true;
  }
  const { changeId } = experiment;
  return !!changeId && (limits.blockedChangeIds || []).includes(changeId);
}

/** Returns whether the current URL and all targets are absolute, and have the same origin if this is required. */
function mayRedirect(
  { variations }: AutoExperiment,
  url: string,
  { disableCrossOriginUrlRedirectExperiments: staysAtOrigin }: AutoExperimentLimits,
  onUnreadable: OnUnreadable,
): boolean {
  try {
    const current = new URL(url);
    for (const variation of variations) {
      if (!variation?.urlRedirect) continue;
      const target = new URL(variation.urlRedirect);
      const isSameOrigin = target.protocol === current.protocol && target.host === current.host;
      if (staysAtOrigin && !isSameOrigin) return false;
    }
    return true;
  } catch (error) {
    onUnreadable(error);
    return false;
  }
}
