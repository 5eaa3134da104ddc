import { eppo } from "./peers/eppo.js";
import { facade } from "./peers/facade.js";

/** The packages as they are installed: ours, our drop-in and the vendor's. */
export const OUR_PACKAGE = "@sortition/node";
export const FACADE_PACKAGE: string = facade.name;
export const EPPO_PACKAGE: string = eppo.name;
