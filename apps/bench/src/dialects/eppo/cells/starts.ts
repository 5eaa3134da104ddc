import { fork } from "node:child_process";
import { once } from "node:events";
import type { Cell } from "../../../cells/cell.js";
import {
  builtFile,
  EMPTY_MODULE,
  isAfterImport,
  moduleOf,
  STARTING,
  starting,
  startingEmpty,
  timingItself,
} from "../../../cells/starting.js";
import type { Start, Vendor } from "../../vendor.js";

/** The packages as they are installed: ours and the vendor's. */
export const OUR_PACKAGE = "@sortition/node";
export const EPPO_PACKAGE = "@eppo/node-server-sdk";
const DROP_IN_PACKAGE = "@sortition/eppo";
const GROWTHBOOK_PACKAGE = "@growthbook/growthbook";
const IMPORTS = "dialects/eppo/imports";

/** Flags are at hand, but for our drop-in: its only source is the network. */
export const STARTS: readonly Start[] = [
  { name: OUR_PACKAGE },
  { name: DROP_IN_PACKAGE, serve: () => startServer(20) },
  { name: EPPO_PACKAGE },
];

/** Parts of a start, and a start from a server. */
export function eppoStarts(vendor: Vendor): readonly Cell[] {
  return [
    {
      ...STARTING,
      id: "W9-import",
      title: "a process that imports one module, from start to end",
      participants: [
        starting(OUR_PACKAGE, { entry: `${IMPORTS}/sortition.js` }),
        starting(DROP_IN_PACKAGE, { entry: `${IMPORTS}/drop-in.js` }),
        starting(EPPO_PACKAGE, { entry: `${IMPORTS}/eppo.js` }),
        startingEmpty,
      ],
      targets: [{ kind: "excess", participant: OUR_PACKAGE, over: EMPTY_MODULE, atMost: 11e6 }],
    },
    {
      ...STARTING,
      id: "W9-init",
      title: "init from a configuration at hand and first evaluation, once imported",
      participants: STARTS.map((it) => timingItself(it.name, moduleOf(vendor, it), isAfterImport)),
      targets: [{ kind: "limit", participant: OUR_PACKAGE, atMost: 3e6 }],
    },
    {
      // Eppo's SDK sends its requests by `fetch` as well.
      ...STARTING,
      id: "W9-network",
      title: "import and init of 100 flags from a server on loopback",
      participants: [OUR_PACKAGE, DROP_IN_PACKAGE, GROWTHBOOK_PACKAGE].map((name) => {
        const module = {
          entry: `${IMPORTS}/first-look.js`,
          args: [name],
          serve: () => startServer(100),
        };
        return timingItself(name, module, (part) => part === "init");
      }),
      targets: [{ kind: "ratio", participant: OUR_PACKAGE, over: GROWTHBOOK_PACKAGE, atMost: 1.1 }],
    },
  ];
}

/** Serves so many flags to processes that start, from a process of its own. It ends with this one. */
async function startServer(flagCount: number): Promise<string> {
  const file = builtFile(`${IMPORTS}/first-look-server.js`);
  const server = fork(file, [`${flagCount}`], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const [port] = await once(server, "message");
  return `http://127.0.0.1:${port}`;
}
