import { isPromise } from "../errors/guard.js";
import { consoleDiagnostics, type Diagnostics } from "../runtime/diagnostics.js";

/** Options with functions that map an event to changes of the vendor's message. */
interface Mappers {
  readonly mapAssignment?: unknown;
  readonly mapBandit?: unknown;
  readonly diagnostics?: Diagnostics | undefined;
}

/**
 * Returns the options with mappers that report once if they return anything else than changes, which is ignored.
 *
 * @param members - names of the members that a mapper can change.
 */
export function withCheckedMappers<Options extends Mappers>(
  options: Options,
  members: readonly string[],
): Options {
  const checked = (name: "mapAssignment" | "mapBandit"): PropertyDescriptorMap => {
    const map = options[name];
    if (typeof map !== "function") return {};
    let isReported = false;
    const mapped = (event: unknown): unknown => {
      const changes: unknown = map.call(options, event);
      const ignored = isReported ? null : ignoredIn(changes, members);
      if (ignored !== null) {
        isReported = true;
        const form = `an object with ${members.join(", ")}, or null to drop the event`;
        const message = `${name}() returned ${ignored}, which the logger ignores: return ${form}`;
        (options.diagnostics ?? consoleDiagnostics()).warn(message, { cause: "mapper" });
      }
      return changes;
    };
    return { [name]: { value: mapped } };
  };
  // Options may be inherited or frozen.
  return Object.create(options, { ...checked("mapAssignment"), ...checked("mapBandit") });
}

/** Returns what is ignored in the result of a mapper; `null`: nothing. */
function ignoredIn(changes: unknown, members: readonly string[]): string | null {
  if (changes === null) return null;
  if (changes === undefined) return "undefined";
  if (typeof changes !== "object" || isPromise(changes)) {
    return `a ${isPromise(changes) ? "promise" : typeof changes}`;
  }
  const unknown = Object.keys(changes).filter((name) => !members.includes(name));
  return unknown.length === 0 ? null : unknown.join(", ");
}
