import { OptionError } from "@sortition/core/internal";

/** @throws OptionError for the key of a project, which the server refuses as a secret key. */
export function refuseProjectKey(secretKey: string, option = "secretKey"): void {
  if (!secretKey.includes("phc_")) return;
  throw new OptionError(option, "a project API key (phc_…); a secret key begins with phx_ or phs_");
}
