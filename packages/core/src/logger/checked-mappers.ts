import { isPromise } from "../errors/guard.js";
import { consoleDiagnostics, type Diagnostics } from "../runtime/diagnostics.js";

/** Options with functions that map an event to changes of the vendor's message. */
interface Mappers {
  readonly mapAssignment?: unknown;
  readonly mapBandit?: unknown;
  readonly diagnostics?: Diagnostics | undefined;
}

/** Returns the options with mappers that report once if they return anything else than changes, which is ignored. */
export function withCheckedMappers<Options extends Mappers>(options: Options): Options {
  const checked = (name: "mapAssignment" | "mapBandit"): PropertyDescriptorMap => {
    const map = options[name];
    if (typeof map !== "function") return {};
    let isReported = false;
    const mapped = (event: unknown): unknown => {
      const changes: unknown = map.call(options, event);
      const isOther = typeof changes !== "object" && changes !== undefined;
      if (!isReported && (isOther || isPromise(changes))) {
        isReported = true;
        const given = isPromise(changes) ? "promise" : typeof changes;
        const message = `${name}() returned a ${given}, which is ignored: return an object of changes, or null to drop the event`;
        (options.diagnostics ?? consoleDiagnostics()).warn(message, { cause: "mapper" });
      }
      return changes;
    };
    return { [name]: { value: mapped } };
  };
  // Options may be inherited or frozen.
  return Object.create(options, { ...checked("mapAssignment"), ...checked("mapBandit") });
}
