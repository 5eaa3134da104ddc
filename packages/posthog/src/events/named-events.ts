import type {
  AliasMessage,
  EventMessage,
  GroupIdentifyMessage,
  IdentifyMessage,
  SetPersonPropertiesMessage,
  UnsetPersonPropertiesMessage,
} from "./messages.js";

export function identifyEvent(message: IdentifyMessage): EventMessage {
  const { distinctId, properties = {}, disableGeoip } = message;
  const { $set, $set_once, $anon_distinct_id, ...rest } = properties;
  return {
    distinctId,
    event: "$identify",
    properties: {
      $set: $set || rest,
      $set_once: $set_once || {},
      $anon_distinct_id: $anon_distinct_id ?? undefined,
    },
    disableGeoip,
  };
}

export function aliasEvent({ distinctId, alias, disableGeoip }: AliasMessage): EventMessage {
  return {
    distinctId,
    event: "$create_alias",
    properties: { distinct_id: distinctId, alias },
    disableGeoip,
  };
}

export function groupEvent(message: GroupIdentifyMessage): EventMessage {
  const { groupType, groupKey, properties, distinctId, disableGeoip } = message;
  return {
    distinctId: distinctId || `$${groupType}_${groupKey}`,
    event: "$groupidentify",
    properties: { $group_type: groupType, $group_key: groupKey, $group_set: properties || {} },
    disableGeoip,
  };
}

/** Creates the event of `setPersonProperties`, or returns `null` if there are no properties. */
export function setEvent(message: SetPersonPropertiesMessage): EventMessage | null {
  const { distinctId, properties = {}, propertiesOnce = {} } = message;
  const hasOwn = Object.keys(properties).length > 0;
  const hasOnce = Object.keys(propertiesOnce).length > 0;
  if (!hasOwn && !hasOnce) return null;
  return {
    distinctId,
    event: "$set",
    properties: {
      ...(hasOwn ? { $set: properties } : {}),
      ...(hasOnce ? { $set_once: propertiesOnce } : {}),
    },
  };
}

/** Creates the event of `unsetPersonProperties`, or returns `null` if there are no names. */
export function unsetEvent(message: UnsetPersonPropertiesMessage): EventMessage | null {
  const { distinctId, properties } = message;
  const names = [properties].flat().filter((it) => typeof it === "string" && it.trim() !== "");
  return names.length === 0 ? null : { distinctId, event: "$set", properties: { $unset: names } };
}
