// `npm test -- --since BRANCH`: the vitest projects that a change can affect.
import { spawnSync } from "node:child_process";
import { REPOSITORY } from "./test-projects.mjs";

/** Changes of these files affect every project: how all are built and tested, and core, which lies below all but test-kit. */
const FOR_ALL =
  /^(?:package\.json|pnpm-(?:lock|workspace)\.yaml|turbo\.json|config\/.*|(?:tsconfig|vitest\.config)\.[\w.]+|packages\/core\/src\/.*)$/;

/**
 * Takes `--since`, `--since BRANCH` or `--since=BRANCH` out of the arguments of a test run.
 *
 * @param {readonly string[]} args
 * @returns {{ isGiven: boolean, branch: string | undefined, rest: readonly string[] }}
 */
export function takeSince(args) {
  const at = args.findIndex((arg) => /^--since(?:=|$)/.test(arg));
  if (at === -1) return { isGiven: false, branch: undefined, rest: args };
  const [, written] = args[at].split("=", 2);
  const next = args[at + 1];
  const isNextBranch = written === undefined && next !== undefined && !next.startsWith("-");
  return {
    isGiven: true,
    branch: (isNextBranch ? next : written) || undefined,
    rest: args.toSpliced(at, isNextBranch ? 2 : 1),
  };
}

/**
 * Selects the projects whose files, or whose dependencies' files, are among those that differ.
 *
 * @param {readonly import("./test-projects.mjs").TestProject[]} projects
 * @param {readonly string[]} files - paths in the repository that differ
 * @param {(packageNames: readonly string[]) => readonly string[]} withDependents - adds the packages that depend on them
 * @returns {{ run: readonly string[], leftOut: readonly string[] }} names of projects
 */
export function selectProjects(projects, files, withDependents) {
  const isForAll = files.some((file) => FOR_ALL.test(file));
  const changed = projects.filter(({ folder }) =>
    files.some((file) => folder !== "" && file.startsWith(`${folder}/`)),
  );
  const affected = withDependents(changed.map(({ packageName }) => packageName));
  const isAffected = ({ name, packageName }) =>
    isForAll || (name === REPOSITORY ? files.length > 0 : affected.includes(packageName));
  return {
    run: projects.filter(isAffected).map(({ name }) => name),
    leftOut: projects.filter((project) => !isAffected(project)).map(({ name }) => name),
  };
}

/**
 * The files that differ from where this branch left the given one, uncommitted and untracked ones included.
 *
 * @param {string} root
 * @param {string} [branch] - default: the main branch of `origin`
 * @returns {readonly string[]}
 * @throws {Error} outside of a git checkout, or if there is no such branch
 */
export function changedFiles(root, branch) {
  if (git(root, ["rev-parse", "--is-inside-work-tree"]) !== "true") {
    throw new Error("--since needs a git checkout, and this folder is none");
  }
  const name = branch ?? git(root, ["symbolic-ref", "--short", "refs/remotes/origin/HEAD"]);
  if (name === null) {
    throw new Error("--since: origin has no main branch here; name one, as in --since main");
  }
  const base = git(root, ["merge-base", name, "HEAD"]);
  if (base === null) throw new Error(`--since ${name}: there is no such branch or commit`);
  const lines = (text) => (text ?? "").split("\n").filter((line) => line !== "");
  const changed = lines(git(root, ["diff", "--name-only", "--no-renames", base]));
  const untracked = lines(git(root, ["ls-files", "--others", "--exclude-standard"]));
  return [...changed, ...untracked];
}

/** The output of a git command without its last line break; `null` if it fails. */
function git(cwd, args) {
  const { status, stdout } = spawnSync("git", args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 2 ** 28,
  });
  return status === 0 ? stdout.replace(/\n$/, "") : null;
}
