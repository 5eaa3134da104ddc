// The vitest projects of the workspace.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The project of the tests in `test/`, which read the files of all packages. */
export const REPOSITORY = "repository";

/**
 * A vitest project.
 *
 * @typedef {object} TestProject
 * @property {string} name
 * @property {string} folder - in the repository: `packages/core`; empty for the tests of the repository itself
 * @property {string} packageName
 */

/**
 * @param {string} root - folder of the repository
 * @returns {readonly TestProject[]}
 */
export function readTestProjects(root) {
  const projects = ["packages", "apps"].flatMap((parent) =>
    readdirSync(join(root, parent))
      .filter((name) => existsSync(join(root, parent, name, "vitest.config.ts")))
      .map((name) => {
        const folder = `${parent}/${name}`;
        const manifest = readFileSync(join(root, folder, "package.json"), "utf8");
        return { name, folder, packageName: JSON.parse(manifest).name };
      }),
  );
  return [...projects, { name: REPOSITORY, folder: "", packageName: "//" }];
}

/**
 * The project whose budget a file's tests spend. The project that runs it may be another: the quiet ones of all packages run
 * as one.
 *
 * @param {readonly TestProject[]} projects
 * @param {string} file - path in the repository
 * @returns {string} its name
 */
export function projectOfFile(projects, file) {
  const owner = projects.find(({ folder }) => folder !== "" && file.startsWith(`${folder}/`));
  return owner?.name ?? REPOSITORY;
}
