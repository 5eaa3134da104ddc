import { OptionError } from "@sortition/core/internal";

/**
 * Rejects a project key that is passed as a secret key.
 *
 * @throws OptionError because the server would reject it, too.
 */
export function refuseProjectKey(secretKey: string, option = "secretKey"): void {
  if (!secretKey.includes("phc_")) return;
  throw new OptionError(
    option,
    "expected a secret key (phx_… or phs_…), got a project API key (phc_…)",
  );
}
