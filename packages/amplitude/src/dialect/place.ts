import type { FlagsPlace } from "@sortition/core/dialect";

/** `[{ "key": … }]` */
export const PLACE: FlagsPlace = { member: null, shape: "list", keyMember: "key" };
