// Processor time that the tests of each vitest project may spend, and did.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readTestProjects } from "./test-projects.mjs";

/** A project fails when it spends this much more than its budget: machines differ, and so do hours of one machine. */
const TOLERANCE = 1.5;

/** The budgets of a new project. */
const NEW = '{ "test": 10, "test:long": 60 }';

/** Rows of the list of the dearest files. */
const DEAREST = 10;

/**
 * Processor time of one file of tests, in seconds, with that of its child processes that have ended.
 *
 * @typedef {object} SpentByFile
 * @property {string} project
 * @property {string} file - in the repository
 * @property {number} seconds
 */

/**
 * Budgets of one task in processor seconds, by project.
 *
 * @typedef {Readonly<Record<string, number>>} Budgets
 */

/**
 * Reads the budgets of a task, `test` or `test:long`.
 *
 * @param {string} path - of the budget file
 * @param {string} task
 * @param {readonly string[]} projects - names of all projects
 * @returns {Budgets}
 * @throws {Error} if the file names a project that does not exist, lacks one, or has a value that is no positive number
 */
export function readBudgets(path, task, projects) {
  const budgets = Object.entries(JSON.parse(readFileSync(path, "utf8"))).map(
    ([project, { [task]: seconds }]) => [project, seconds],
  );
  const problems = [
    ...budgets
      .filter(([project]) => !projects.includes(project))
      .map(([project]) => `"${project}" is not a project`),
    ...budgets
      .filter(([, seconds]) => !(Number.isFinite(seconds) && seconds > 0))
      .map(([project, it]) => `"${project}": expected processor seconds, received ${it}`),
    ...projects
      .filter((project) => !budgets.some(([name]) => name === project))
      .map((project) => `the project "${project}" has no budget; that of a new one is ${NEW}`),
  ];
  if (problems.length > 0) throw new Error(`${path}: "${task}": ${problems[0]}`);
  return Object.fromEntries(budgets);
}

/**
 * The budgets of the workspace.
 *
 * @param {string} root - folder of the repository
 * @param {string} [task] - default: that of this run
 * @returns {Budgets}
 */
export function budgetsOf(root, task = process.env.SORTITION_LONG === "1" ? "test:long" : "test") {
  const projects = readTestProjects(root).map(({ name }) => name);
  return readBudgets(join(root, "scripts/test-budget.json"), task, projects);
}

/**
 * Returns a sentence for each project that spent half more than its budget, with its dearest file.
 *
 * @param {Budgets} budgets
 * @param {readonly SpentByFile[]} files
 * @returns {readonly string[]}
 */
export function overspentProjects(budgets, files) {
  return sumsByProject(files)
    .filter(({ project, seconds }) => isOverspent(seconds, budgets[project]))
    .map(({ project, seconds, dearest }) => {
      const spent = `${project} spent ${seconds.toFixed(1)} s of processor time`;
      const most = `${dearest.file} took ${dearest.seconds.toFixed(1)} s`;
      return `${spent}, its budget is ${budgets[project]} s (half more is allowed); ${most}`;
    });
}

/**
 * Returns a table of what each project spent, its budget beside it, and the dearest files.
 *
 * @param {Budgets} budgets
 * @param {readonly SpentByFile[]} files
 * @param {boolean} hasChildren - whether the time of child processes is known
 */
export function formatSpent(budgets, files, hasChildren) {
  const sums = sumsByProject(files);
  const row = (name, seconds, budget, remark = "") =>
    `  ${name.padEnd(14)}${seconds.toFixed(1).padStart(8)}${String(budget).padStart(8)}${remark}`;
  const total = sums.reduce((sum, { seconds }) => sum + seconds, 0);
  const budgetOfAll = sums.reduce((sum, { project }) => sum + budgets[project], 0);
  const dearest = [...files].sort((a, b) => b.seconds - a.seconds).slice(0, DEAREST);
  return [
    `Processor seconds${hasChildren ? "" : " without child processes"}: spent, budget`,
    ...sums.map(({ project, seconds }) => {
      const remark = isOverspent(seconds, budgets[project]) ? "  half more than its budget" : "";
      return row(project, seconds, budgets[project], remark);
    }),
    row("all of these", total, budgetOfAll),
    "Dearest files",
    ...dearest.map(({ file, seconds }) => `  ${seconds.toFixed(1).padStart(6)}  ${file}`),
  ].join("\n");
}

function isOverspent(seconds, budget) {
  return seconds > budget * TOLERANCE;
}

/** Sums by project, in the order of their names. */
function sumsByProject(files) {
  const sums = new Map();
  for (const of of files) {
    const { seconds = 0, dearest = of } = sums.get(of.project) ?? {};
    sums.set(of.project, {
      project: of.project,
      seconds: seconds + of.seconds,
      dearest: of.seconds > dearest.seconds ? of : dearest,
    });
  }
  return [...sums.values()].sort((a, b) => (a.project < b.project ? -1 : 1));
}
