// The vendors' public test data: where it is published, which state of it the tests expect, and how it is
// laid out for them. Only data is taken, and none of it is part of this repository.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/**
 * @typedef {object} Source
 * @property {string} name - for `--remote NAME=URL`.
 * @property {string} repository - `owner/name` on GitHub.
 * @property {string} commit
 * @property {string} licence
 * @property {string} sha256 - of the files below `to`, as `digestOf` computes it.
 * @property {readonly (readonly [from: string, to: string])[]} files - in the repository, and below the data folder.
 * @property {boolean} [isOptional] - whether a run without it is complete but for a few cases.
 */

/** @type {readonly Source[]} */
export const SOURCES = [
  {
    name: "eppo",
    repository: "Eppo-exp/sdk-test-data",
    commit: "6643e8cf8d4fc144e815233ed570a0c35b998e71",
    licence: "MIT, by its `package.json`",
    sha256: "9f7331f7abe9585089e22a9a5c5900e60cb4eb3264da72c50d88c967c165392a",
    files: [
      ["ufc", "eppo/ufc"],
      ["configuration-wire", "eppo/configuration-wire"],
    ],
  },
  {
    name: "growthbook",
    repository: "growthbook/growthbook",
    commit: "8f1db4456915a8e7b7faf23d5632ca7219d2f469",
    licence: "MIT, outside of its enterprise folders",
    sha256: "3b9cfbc1de528f04a468a82aeae16b882047d2199f43cbb6fccf4e12cf4610dc",
    files: [["packages/sdk-js/test/cases.json", "growthbook/cases.json"]],
  },
  {
    name: "growthbook-python",
    repository: "growthbook/growthbook-python",
    commit: "c444b7df05dadb097018755c9f71ca356570a9fa",
    licence: "MIT",
    sha256: "ea6eabca9f31feb4a74227bfc86b91e306955607236b431be5ba7153515831ad",
    files: [["tests/cases.json", "growthbook/cases-python.json"]],
    isOptional: true,
  },
];

const PYTHON = "growthbook/cases-python.json";
/** What the tests read: the cases of the Python SDK that the JavaScript SDK's file lacks. */
const EXTRA = "growthbook/cases-python-extra.json";

/** A file or folder of the data is not where it should be. */
export class DataError extends Error {}

/**
 * Copies the data of one repository into the data folder.
 *
 * @param {Source} source
 * @param {string} clone - folder of the repository.
 * @param {string} data
 * @param {string | null} laidOut - a folder in which the data may be as in the data folder.
 */
export function layOut({ files }, clone, data, laidOut = null) {
  for (const [from, to] of files) {
    const places = [join(clone, from), ...(laidOut === null ? [] : [join(laidOut, to)])];
    const path = places.find((place) => existsSync(place));
    if (path === undefined) throw new DataError(`there is no ${places.join(", and no ")}`);
    if (resolve(path) === resolve(data, to)) continue; // it is there already
    rmSync(join(data, to), { recursive: true, force: true });
    mkdirSync(dirname(join(data, to)), { recursive: true });
    // Data only: the folders also have programs.
    const isData = (file) => file.endsWith(".json") || statSync(file).isDirectory();
    cpSync(path, join(data, to), { recursive: true, filter: isData });
  }
}

/**
 * Writes the cases of GrowthBook's Python SDK that are its own. Without that repository there are none, unless
 * they are at hand.
 *
 * @param {string} data
 * @param {string | null} laidOut - a folder in which they may be as in the data folder.
 * @returns {number} how many there are.
 */
export function writeExtraCases(data, laidOut = null) {
  const read = (file) => JSON.parse(readFileSync(join(data, file), "utf8")).evalCondition;
  let extra = [];
  if (existsSync(join(data, PYTHON))) {
    const known = new Set(read("growthbook/cases.json").map((it) => JSON.stringify(it)));
    extra = read(PYTHON).filter((it) => !known.has(JSON.stringify(it)));
  } else if (laidOut !== null && existsSync(join(laidOut, EXTRA))) {
    extra = JSON.parse(readFileSync(join(laidOut, EXTRA), "utf8")).evalCondition;
  }
  writeFileSync(join(data, EXTRA), `${JSON.stringify({ evalCondition: extra })}\n`);
  return extra.length;
}

/**
 * A hash of names and content of the files of one repository; `null` if one is missing.
 *
 * @param {Source} source
 * @param {string} data
 */
export function digestOf({ files }, data) {
  const hash = createHash("sha256");
  for (const [, to] of files) {
    const path = join(data, to);
    if (!existsSync(path)) return null;
    for (const file of filesOf(path).sort()) {
      hash.update(`\0${relative(data, file).replaceAll("\\", "/")}\0`).update(readFileSync(file));
    }
  }
  return hash.digest("hex");
}

function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesOf(join(path, name)));
}

/**
 * Fetches the pinned commit, and of it the files that are needed.
 *
 * @param {Source} source
 * @param {string} url
 * @param {string} clone - folder to create.
 */
export function fetchClone({ commit, files }, url, clone) {
  rmSync(clone, { recursive: true, force: true });
  mkdirSync(clone, { recursive: true });
  git(clone, "init", "--quiet");
  git(clone, "remote", "add", "origin", url);
  // Without the content of other files, where the server can leave it out.
  const fetch = (what) =>
    git(clone, "fetch", "--quiet", "--depth=1", "--filter=blob:none", "origin", what);
  try {
    fetch(commit);
  } catch {
    // A mirror without this commit. Whether its data is the same is seen by the hash of the data.
    fetch("HEAD");
  }
  git(clone, "checkout", "--quiet", "FETCH_HEAD", "--", ...files.map(([from]) => from));
}

function git(folder, ...args) {
  const { error, status, stderr } = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
  if (error) throw new DataError(`git: ${error.message}`);
  if (status !== 0) throw new DataError(`git ${args[0]}: ${stderr.trim().split("\n").at(-1)}`);
}
