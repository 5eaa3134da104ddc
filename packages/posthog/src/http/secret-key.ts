import { OptionError } from "@sortition/core/internal";

/**
 * Rejects a project key in place of a secret key.
 *
 * @throws OptionError because the server would reject it, too.
 */
export function refuseProjectKey(secretKey: string, option = "secretKey"): void {
  if (!secretKey.includes("phc_")) return;
  throw new OptionError(option, "a project API key (phc_…); a secret key begins with phx_ or phs_");
}
