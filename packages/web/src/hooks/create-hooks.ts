import {
  type Context,
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
} from "react";
import { createReader, type Reader, type Value, type Widened } from "../reader/reader.js";
import { SNAPSHOT_VERSION, type Snapshot } from "../reader/snapshot.js";
import type { AnyDefault, AnyValue } from "./typed-values.js";

/** Components and a hook that read the flags of a snapshot. */
export interface Hooks {
  /** Provides the flags of a snapshot to the components in it. */
  readonly FlagsProvider: (props: {
    /** From `snapshot` of `webFlags`. A new one replaces the old one. */
    readonly snapshot: Snapshot;
    readonly children?: ReactNode;
  }) => ReactElement;
  /** Logs the exposure of a flag when this component is mounted. Render it next to what a server component chose by the flag. */
  readonly Exposed: (props: { readonly flag: string }) => null;
  /** Returns the value of a flag, and logs its exposure when the component is mounted. */
  readonly useFlag: <T extends Value>(flagKey: string, defaultValue: T) => Widened<T>;
  /** Provides the given values in a test, and sends nothing. Other flags return their default. */
  readonly TestFlags: (props: {
    readonly values: Readonly<Record<string, Value>>;
    readonly children?: ReactNode;
  }) => ReactElement;
}

/** {@link Hooks} that accept only the keys and values of `Flags`, see `TypedClient` of `@sortition/core`. */
export interface TypedHooks<Flags> extends Pick<Hooks, "FlagsProvider"> {
  /** Logs the exposure of a flag when this component is mounted, see {@link Hooks.Exposed}. */
  readonly Exposed: (props: { readonly flag: keyof Flags & string }) => null;
  /** Returns the value of a flag, and logs its exposure when the component is mounted. */
  readonly useFlag: <Key extends keyof Flags & string, Given extends AnyDefault<Flags[Key]>>(
    flagKey: Key,
    defaultValue: Given,
  ) => AnyValue<Flags[Key]> | Given;
  /** Provides the given values in a test, and sends nothing, see {@link Hooks.TestFlags}. */
  readonly TestFlags: (props: {
    readonly values: { readonly [Key in keyof Flags]?: AnyDefault<Flags[Key]> };
    readonly children?: ReactNode;
  }) => ReactElement;
}

/**
 * Creates hooks with their own provider. Call it once, in a module that starts with `"use client"`.
 *
 * ```ts
 * "use client";
 * export const { FlagsProvider, Exposed, useFlag, TestFlags } = createHooks<AppFlags>();
 * ```
 *
 * @typeParam Flags - the values of each flag, as `sortition types` generates them. Without it, any key is accepted.
 */
export function createHooks(): Hooks;
export function createHooks<Flags>(): TypedHooks<Flags>;
export function createHooks(): Hooks {
  const Flags: Context<Reader | null> = createContext<Reader | null>(null);
  const useReader = (caller: string): Reader => {
    const reader = useContext(Flags);
    if (reader === null) {
      throw new Error(
        `${caller} needs a <FlagsProvider> above it (in a test, <TestFlags>) from the same createHooks()`,
      );
    }
    return reader;
  };
  const useExposure = (reader: Reader, flagKey: string): void => {
    useEffect(() => reader.exposed(flagKey), [reader, flagKey]);
  };
  const FlagsProvider: Hooks["FlagsProvider"] = ({ children, snapshot }) => {
    const value = useMemo(() => createReader(snapshot), [snapshot]);
    return createElement(Flags.Provider, { value }, children);
  };
  return {
    FlagsProvider,
    Exposed({ flag }) {
      useExposure(useReader("<Exposed>"), flag);
      return null;
    },
    useFlag(flagKey, defaultValue) {
      const reader = useReader("useFlag");
      useExposure(reader, flagKey);
      return reader.get(flagKey, defaultValue);
    },
    TestFlags({ children, values }) {
      const snapshot = useMemo(() => testSnapshot(values), [values]);
      return createElement(FlagsProvider, { snapshot }, children);
    },
  };
}

function testSnapshot(values: Snapshot["values"]): Snapshot {
  return { v: SNAPSHOT_VERSION, values, logs: [], overridden: [], url: "", token: null };
}
