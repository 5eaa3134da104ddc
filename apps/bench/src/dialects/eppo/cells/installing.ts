import {
  type Answers,
  type Cell,
  cellOf,
  effortOf,
  type Participant,
} from "../../../cells/cell.js";
import { limit } from "../../../cells/target.js";
import { type InstalledPackage, installedWith } from "../../../installed.js";
import { EPPO_PACKAGE, OUR_PACKAGE } from "./starts.js";

/** Our HTTP client; the vendor's SDK uses the platform's. */
const HTTP_CLIENT = "undici";
const LEAN = "without undici and maps";

interface Code {
  readonly name: string;
  readonly isThere: boolean;
}

const w9Size = cellOf({
  id: "W9-size",
  title: "files that installing the SDK puts into an empty folder",
  unit: "bytes",
  participants: [LEAN, "all"].flatMap((extent) =>
    [OUR_PACKAGE, EPPO_PACKAGE].map((name) =>
      reading(`${name}, ${extent}`, name, (packages) => sizeOf(packages, extent === LEAN)),
    ),
  ),
  effort: effortOf([1, 1, 0], [1, 1, 0]), // nothing is timed
  answersMayDiffer: true,
  // docs/decisions/0069-a-build-is-what-tsup-makes.md
  targets: [limit(`${OUR_PACKAGE}, ${LEAN}`, 2 * 1_024 * 1_024)],
  findFault: findFaultOfInstallation,
});

/** Number of packages, including the HTTP client. */
const w9Packages: Cell = {
  ...w9Size,
  id: "W9-packages",
  title: "packages that are installed with the SDK, itself among them",
  unit: "packages",
  participants: [OUR_PACKAGE, EPPO_PACKAGE].map((name) => reading(name, name, (all) => all.length)),
  targets: [limit(OUR_PACKAGE, 3)],
};

export const installing: readonly Cell[] = [w9Size, w9Packages];

function sizeOf(packages: readonly InstalledPackage[], isLean: boolean): number {
  const counted = packages.filter(({ name }) => !isLean || name !== HTTP_CLIENT);
  const files = counted.flatMap((it) => it.files);
  return files
    .filter(({ path }) => !isLean || !path.endsWith(".map"))
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function reading(
  name: string,
  packageName: string,
  figureOf: (packages: readonly InstalledPackage[]) => number,
): Participant {
  return {
    name,
    async prepare() {
      const packages = installedWith(packageName, import.meta.dirname);
      const figure = figureOf(packages);
      return {
        answers: { [packageName]: packages.map(codeOf) },
        run: () => ({ figure, checksum: packages.length }),
      };
    },
  };
}

function codeOf({ name, files }: InstalledPackage): Code {
  return { name, isThere: files.some(({ path }) => /\.[cm]?js$/.test(path)) };
}

/** Unbuilt packages would look small, and missing ones would not be counted. */
function findFaultOfInstallation(answers: Answers): string | null {
  const packages = Object.values(answers).flat() as readonly Code[]; // the tasks answer with `Code`
  const empty = packages.find(({ isThere }) => !isThere);
  if (empty !== undefined) return `there is no code in ${empty.name}`;
  const names = packages.map(({ name }) => name);
  const missing = [OUR_PACKAGE, HTTP_CLIENT, EPPO_PACKAGE].find((it) => !names.includes(it));
  return missing === undefined ? null : `${missing} is not installed`;
}
