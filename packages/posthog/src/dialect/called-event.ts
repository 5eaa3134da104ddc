import type { ServedFlag } from "./served-flag.js";

/** The evaluation that `$feature_flag_called` reports. Absent members are not sent. */
export interface FlagCall {
  readonly key: string;
  /** The value, or `undefined` if the flag has none. */
  readonly response: unknown;
  readonly id?: unknown;
  readonly version?: unknown;
  readonly reason?: unknown;
  readonly isLocal: boolean;
  readonly requestId?: unknown;
  /** Epoch ms. */
  readonly evaluatedAt?: unknown;
  readonly hasExperiment?: unknown;
  /** When the definitions were loaded, epoch ms. */
  readonly definitionsLoadedAt?: number | undefined;
  /** Error codes, joined by commas. */
  readonly error?: string | undefined;
}

/** Returns the properties of the event `$feature_flag_called`, as the vendor's SDK builds them. */
export function flagCalledProperties(call: FlagCall): Record<string, unknown> {
  const { definitionsLoadedAt, error, hasExperiment, key, response } = call;
  return {
    $feature_flag: key,
    $feature_flag_response: response,
    $feature_flag_id: call.id,
    $feature_flag_version: call.version,
    $feature_flag_reason: call.reason,
    locally_evaluated: call.isLocal,
    [`$feature/${key}`]: response,
    $feature_flag_request_id: call.requestId,
    $feature_flag_evaluated_at: call.evaluatedAt,
    ...(hasExperiment === undefined ? {} : { $feature_flag_has_experiment: hasExperiment }),
    ...(call.isLocal && definitionsLoadedAt !== undefined
      ? { $feature_flag_definitions_loaded_at: definitionsLoadedAt }
      : {}),
    ...(error === undefined ? {} : { $feature_flag_error: error }),
  };
}

/** Describes a local evaluation. */
export function localCall(
  key: string,
  flag: ServedFlag | null,
  value: boolean | string | null,
  times: { readonly evaluatedAtMs: number; readonly loadedAtMs: number | undefined },
): FlagCall {
  if (value === null) return { key, response: undefined, isLocal: false };
  return {
    key,
    response: value,
    id: flag?.definition?.id,
    reason: "Evaluated locally",
    isLocal: true,
    evaluatedAt: times.evaluatedAtMs,
    hasExperiment: flag?.definition?.hasExperiment,
    definitionsLoadedAt: times.loadedAtMs,
  };
}

/** Properties of a short event. The server requests short events for flags without an experiment. */
const MINIMAL: readonly string[] = /* @__PURE__ */ (
  "$feature_flag $feature_flag_response $feature_flag_has_experiment $feature_flag_id " +
  "$feature_flag_version $feature_flag_reason $feature_flag_request_id " +
  "$feature_flag_evaluated_at $feature_flag_error locally_evaluated $groups " +
  "$process_person_profile $geoip_disable $current_url $pathname $referring_domain " +
  "utm_source utm_medium utm_campaign utm_content utm_term gad_source mc_cid gclid gclsrc " +
  "dclid gbraid wbraid fbclid msclkid twclid li_fat_id igshid ttclid rdt_cid epik qclid " +
  "sccid oppref bfcid irclid _kx $session_id $window_id $lib $lib_version $device_id " +
  "$is_server"
).split(" ");

/** Returns the properties of a short event, in the vendor's order. */
export function minimalProperties(
  properties: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const kept = MINIMAL.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(kept.map((name) => [name, properties[name]]));
}
