import { join } from "node:path";
import { executableName, installTool } from "../../scripts/tools.mjs";

/** One version of Node on this machine. */
export interface NodeBinary {
  readonly version: string;
  readonly file: string;
}

/** The oldest Node that must work, and the newest of each later line. */
const PROMISED = ["20.19.0", "22.23.3", "24.21.0"];

/** The oldest promised Node: where newer APIs are missing. */
export const OLDEST_NODE: string = `v${PROMISED[0]}`;

/** The running Node, and the promised ones that have another version. */
export function findNodes(): readonly NodeBinary[] {
  const others = PROMISED.filter((version) => `v${version}` !== process.version);
  const binary = executableName("node");
  return [
    { version: process.version, file: process.execPath },
    ...others.map((version) => ({
      version: `v${version}`,
      file: join(installTool("node", version), "node_modules/node/bin", binary),
    })),
  ];
}
