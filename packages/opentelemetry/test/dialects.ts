import { amplitude } from "@sortition/amplitude/dialect";
import type { Dialect } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { growthbook } from "@sortition/growthbook/dialect";
import { posthog } from "@sortition/posthog/dialect";

export type Name = "eppo" | "growthbook" | "amplitude" | "posthog";

export const DIALECTS: Readonly<Record<Name, () => Dialect>> = {
  eppo: () => eppo() as Dialect,
  growthbook: () => growthbook() as Dialect,
  amplitude: () => amplitude() as Dialect,
  posthog: () => posthog() as Dialect,
};

export const NAMES: readonly Name[] = ["eppo", "growthbook", "amplitude", "posthog"];
