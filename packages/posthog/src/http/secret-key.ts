import { OptionError } from "@sortition/core/source";

/** @throws OptionError for the key of a project, which the server refuses as a secret key. */
export function refuseProjectKey(secretKey: string, option = "secretKey"): void {
  if (!secretKey.includes("phc_")) return;
  const problem = "a project API key (phc_…) was given; a secret key begins with phx_ or phs_";
  throw new OptionError(option, problem);
}
