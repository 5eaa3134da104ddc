// Packs every public package, and prints the tarballs and the command that installs those that were asked for.
import { installLine } from "./install-line.mjs";
import { packAll } from "./pack.mjs";

const packed = packAll();
for (const { name, tarball } of packed) console.log(`${name.padEnd(24)}${tarball}`);
try {
  console.log(`\nIn your project:\n\n  ${installLine(packed, process.argv.slice(2))}`);
} catch (error) {
  console.error(`pack: ${error.message}`);
  process.exitCode = 1;
}
