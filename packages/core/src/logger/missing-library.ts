import { CallbackError } from "../errors/errors.js";
import { messageOf } from "../errors/guard.js";

/** The vendor's library is not installed. The message says how to install it. */
export class MissingLibraryError extends CallbackError {
  constructor(library: string, cause: unknown) {
    super("SORTITION_LOGGER", `${library} is not installed: npm install ${library}`, cause);
  }
}

/** Returns a {@link MissingLibraryError} if importing the library failed because it is not installed, else the error. */
export function asMissingLibrary(error: unknown, library: string | undefined): unknown {
  if (library === undefined) return error;
  const message = messageOf(error);
  // The first form is Node's, for imports and requires. The second one is Yarn's, without node_modules (PnP).
  const isMissing =
    message.includes(`'${library}'`) || message.includes(`tried to access ${library}`);
  return isMissing ? new MissingLibraryError(library, error) : error;
}
