import { eppo } from "./peers/eppo.js";

/** The packages as they are installed: ours and the vendor's. */
export const OUR_PACKAGE = "@sortition/node";
export const EPPO_PACKAGE: string = eppo.name;
