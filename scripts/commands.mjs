// How programs are started, on Windows and elsewhere.

/**
 * @typedef {object} Command
 * @property {string} file
 * @property {readonly string[]} args
 * @property {boolean} shell
 */

/**
 * Returns how to start a program that is a script, such as npm or pnpm. On Windows these are `.cmd` files,
 * which start through the shell alone, and the shell takes one line: arguments are quoted for it.
 *
 * @param {string} name
 * @param {readonly string[]} args
 * @param {NodeJS.Platform} [platform]
 * @returns {Command}
 */
export function scriptCommand(name, args, platform = process.platform) {
  if (platform !== "win32") return { file: name, args, shell: false };
  return { file: [name, ...args.map(quotedForCmd)].join(" "), args: [], shell: true };
}

/**
 * Returns the name of a program's file: `node.exe` on Windows.
 *
 * @param {string} name
 * @param {NodeJS.Platform} [platform]
 */
export function executableName(name, platform = process.platform) {
  return platform === "win32" ? `${name}.exe` : name;
}

/** Quotes an argument for `cmd.exe`, inside whose quotes only `"` and `%` have a meaning. */
function quotedForCmd(argument) {
  if (/["%\r\n]/.test(argument)) {
    throw new Error(`an argument with a quote, a percent sign or a line break: ${argument}`);
  }
  return /^[\w@./:=+-]+$/.test(argument) ? argument : `"${argument}"`;
}
