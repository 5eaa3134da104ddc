import type { Cell } from "../../../cells/cell.js";
import {
  EMPTY_MODULE,
  isAfterImport,
  moduleOf,
  starting,
  startingCell,
  startingEmpty,
  timingItself,
} from "../../../cells/starting.js";
import { limit, ratio } from "../../../cells/target.js";
import { nextMessage, startProgram } from "../../../process/child.js";
import type { Start, Vendor } from "../../vendor.js";

/** Names of the installed packages. */
export const OUR_PACKAGE = "@sortition/node";
export const EPPO_PACKAGE = "@eppo/node-server-sdk";
const DROP_IN_PACKAGE = "@sortition/eppo";
const GROWTHBOOK_PACKAGE = "@growthbook/growthbook";
const IMPORTS = "dialects/eppo/imports";

/** Starts with an initial configuration. Our drop-in's only source is the network. */
export const STARTS: readonly Start[] = [
  { name: OUR_PACKAGE },
  { name: DROP_IN_PACKAGE, serve: () => serveShop("eppo", 20) },
  { name: EPPO_PACKAGE },
];

export function eppoStarts(vendor: Vendor): readonly Cell[] {
  return [
    startingCell({
      id: "W9-import",
      title: "a process that imports one module, from start to end",
      participants: [
        starting(OUR_PACKAGE, { entry: `${IMPORTS}/sortition.js` }),
        starting(DROP_IN_PACKAGE, { entry: `${IMPORTS}/drop-in.js` }),
        starting(EPPO_PACKAGE, { entry: `${IMPORTS}/eppo.js` }),
        startingEmpty,
      ],
      targets: [ratio(OUR_PACKAGE, EMPTY_MODULE, 1, 11e6)],
    }),
    startingCell({
      id: "W9-init",
      title: "init with a given configuration and first evaluation, after the import",
      participants: STARTS.map((it) => timingItself(it.name, moduleOf(vendor, it), isAfterImport)),
      targets: [limit(OUR_PACKAGE, 3e6)],
    }),
    // Eppo's SDK also uses `fetch`.
    startingCell({
      id: "W9-network",
      title: "import and init of 100 flags from a server on loopback",
      participants: [OUR_PACKAGE, DROP_IN_PACKAGE, GROWTHBOOK_PACKAGE].map((name) => {
        const dialect = name === GROWTHBOOK_PACKAGE ? "growthbook" : "eppo";
        const serve = () => serveShop(dialect, 100);
        const module = { entry: `${IMPORTS}/first-look.js`, args: [name], serve };
        return timingItself(name, module, (part) => part === "init");
      }),
      targets: [ratio(OUR_PACKAGE, GROWTHBOOK_PACKAGE, 1.1)],
    }),
  ];
}

/** Starts a server of flags in its own process, which ends with this one. */
async function serveShop(dialect: string, flagCount: number): Promise<string> {
  return await nextMessage<string>(
    startProgram("dialects/payload-server.js", [dialect, `${flagCount}`]),
  );
}
