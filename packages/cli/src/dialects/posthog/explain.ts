import type { JsonObject } from "../../evaluate/request.js";
import { readJsonObject } from "../../json-option.js";
import type { DialectOption, ExplainSupport, OptionReader } from "../dialect.js";

/** Options of `sortition explain` that PostHog's requests need. */
export const EXPLAIN_OPTIONS: readonly DialectOption[] = [
  {
    name: "groups",
    value: "JSON",
    help: [`the person's groups, by group type: '{"company":"acme"}'`],
    commands: ["explain"],
  },
  {
    name: "group-properties",
    value: "JSON",
    help: [`the groups' properties, by group type: '{"company":{"plan":"team"}}'`],
    commands: ["explain"],
  },
  {
    name: "device-id",
    value: "ID",
    help: ["the device ID, for flags that are bucketed by device"],
    commands: ["explain"],
  },
];

/** What PostHog adds to `sortition explain`: groups and the device. The subject is the distinct id. */
export const posthogExplain: ExplainSupport = {
  requestOf({ attributes, flag, option, subjectKey }) {
    const deviceId = option("device-id");
    const extras = {
      groups: readGroups(option, "groups", '{"company":"acme"}'),
      groupProperties: readGroups(option, "group-properties", '{"company":{"plan":"team"}}'),
    };
    const personProperties =
      deviceId === undefined ? attributes : { ...attributes, $device_id: deviceId };
    const request = { flag, distinctId: subjectKey, personProperties, ...extras };
    return { request, type: null, asked: { attributes: personProperties, extras } };
  },
};

function readGroups(option: OptionReader, name: string, example: string): JsonObject {
  const text = option(name);
  return text === undefined ? {} : readJsonObject(`--${name}`, text, example);
}
