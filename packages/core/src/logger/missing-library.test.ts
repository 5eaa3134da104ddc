import { describe, expect, it } from "vitest";
import { asMissingLibrary, MissingLibraryError } from "./missing-library.js";

const LIBRARY = "@segment/analytics-node";

describe("asMissingLibrary", () => {
  it.each([
    `Cannot find package '${LIBRARY}' imported from /app/node_modules/@sortition/segment/dist/index.js`,
    `Cannot find module '${LIBRARY}'\nRequire stack:\n- /app/index.cjs`,
    `@sortition/segment tried to access ${LIBRARY} (a peer dependency) but it isn't provided by your application; this makes the require call ambiguous and unsound.`,
  ])("says how to install the library: %s", (message) => {
    const error = asMissingLibrary(new Error(message), LIBRARY);
    expect(error).toBeInstanceOf(MissingLibraryError);
    expect(error).toMatchObject({ message: `${LIBRARY} is not installed: npm install ${LIBRARY}` });
  });

  it("keeps the error of a library that is installed", () => {
    const error = new Error(
      `Cannot find package 'uuid' imported from /app/node_modules/${LIBRARY}/dist/index.js`,
    );
    expect(asMissingLibrary(error, LIBRARY)).toBe(error);
  });
});
