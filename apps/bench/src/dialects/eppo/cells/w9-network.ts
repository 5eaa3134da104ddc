import type { Cell, Participant } from "../../../cells/cell.js";
import { timingItself } from "../../../cells/starting.js";
import { OUR_PACKAGE } from "../packages.js";
import { startFirstLookServer } from "./first-look.js";

const IMPORTS = "dialects/eppo/imports";
const GROWTHBOOK_PACKAGE = "@growthbook/growthbook";

/** Import and `init` in a new process, measured inside it. Eppo's SDK sends its requests by `fetch` as well. */
export const w9Network: Cell = {
  id: "W9-network",
  title: "import and init of 100 flags from a server on loopback",
  unit: "ns",
  participants: [
    lookingFirst(OUR_PACKAGE, `${IMPORTS}/first-look-sortition.js`),
    lookingFirst(GROWTHBOOK_PACKAGE, `${IMPORTS}/first-look-growthbook.js`),
  ],
  effort: {
    full: { rounds: 40, operations: 1, warmUpOperations: 1 },
    quick: { rounds: 6, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: false,
  targets: [{ kind: "ratio", participant: OUR_PACKAGE, over: GROWTHBOOK_PACKAGE, atMost: 1.1 }],
  findFault: () => null, // each start is checked when it is made
};

function lookingFirst(name: string, entry: string): Participant {
  return {
    name,
    async prepare() {
      return timingItself(name, { entry, argument: await startFirstLookServer(100) }).prepare();
    },
  };
}
