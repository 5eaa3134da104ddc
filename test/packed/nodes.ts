import { join } from "node:path";
import { executableName, installTool } from "../../scripts/tools.mjs";
import { versionsOf } from "./versions.ts";

/** A version of Node on this machine. */
export interface NodeBinary {
  readonly version: string;
  readonly file: string;
}

/** The oldest supported Node, which lacks newer APIs. */
export const OLDEST_NODE: string = `v${versionsOf("Node")[0]}`;

/** Returns the running Node and the other supported versions. */
export function findNodes(): readonly NodeBinary[] {
  const others = versionsOf("Node").filter((version) => `v${version}` !== process.version);
  const binary = executableName("node");
  return [
    { version: process.version, file: process.execPath },
    ...others.map((version) => ({
      version: `v${version}`,
      file: join(installTool("node", version), "node_modules/node/bin", binary),
    })),
  ];
}
