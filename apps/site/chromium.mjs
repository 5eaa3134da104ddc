// Finds Chromium for the tests of the site, or installs Debian's.
import { spawnSync } from "node:child_process";
import { installPackage, works } from "../../scripts/redis.mjs";

/** Called by vitest before the tests. Sets `CHROMIUM_BIN` to the absolute path of a browser. Without one, the tests are skipped. */
export function setup() {
  const found = findChromium();
  process.env.CHROMIUM_BIN = found.bin ?? "";
  if (found.bin === null) {
    console.error(`!!!!!! no Chromium, tests in a browser are SKIPPED: ${found.reason} !!!!!!`);
  }
}

function findChromium() {
  const named = process.env.CHROMIUM_BIN;
  if (named) {
    return works(named)
      ? { bin: named }
      : { bin: null, reason: `CHROMIUM_BIN=${named} does not run` };
  }
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const onPath = () => names.map(pathOf).find((file) => file !== null) ?? null;
  const bin = onPath();
  if (bin !== null) return { bin };
  const none = `none of ${names.join(", ")} on PATH`;
  if (process.env.SORTITION_NO_APT === "1") {
    return { bin: null, reason: `${none}, and SORTITION_NO_APT=1 forbids installing one` };
  }
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !works("apt-get")) {
    return { bin: null, reason: none };
  }
  installPackage("chromium");
  const installed = onPath();
  return installed === null
    ? { bin: null, reason: `${none}, and apt could not install one` }
    : { bin: installed };
}

/** Returns the path of a program, because playwright does not accept a name. */
function pathOf(name) {
  const { status, stdout } = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}
