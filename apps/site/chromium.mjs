// Finds a Chromium for the test of the site, or installs Debian's.
import { spawnSync } from "node:child_process";
import { installPackage, works } from "../../scripts/redis.mjs";

/** Vitest calls this before the tests. It puts the absolute path of a browser into `CHROMIUM_BIN`; without one the test is skipped. */
export function setup() {
  const found = findChromium();
  process.env.CHROMIUM_BIN = found.bin ?? "";
  if (found.bin === null) {
    console.error(`!!!!!! no Chromium, so the test of the site is SKIPPED: ${found.reason} !!!!!!`);
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
    return { bin: null, reason: `${none}, and SORTITION_NO_APT=1 forbids to install one` };
  }
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !works("apt-get")) {
    return { bin: null, reason: none };
  }
  installPackage("chromium");
  const installed = onPath();
  return installed === null
    ? { bin: null, reason: `${none}, and apt could not supply one` }
    : { bin: installed };
}

/** playwright needs a path, not a name. */
function pathOf(name) {
  const { status, stdout } = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}
