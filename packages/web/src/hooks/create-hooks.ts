import {
  type Context,
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
} from "react";
import { reportMistake } from "../reader/mistakes.js";
import { createReader, type Reader, type Value, type Widened } from "../reader/reader.js";
import { SNAPSHOT_VERSION, type Snapshot } from "../reader/snapshot.js";
import type { AnyDefault, AnyValue } from "./typed-values.js";

/** Components and hooks that read the flags of a snapshot. */
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
  /** Returns the value of a flag, and logs nothing. */
  readonly useFlagValue: <T extends Value>(flagKey: string, defaultValue: T) => Widened<T>;
  /** Returns a function that logs the exposure of a flag, for an event such as a click or scrolling into view. */
  readonly useReport: () => (flagKey: string) => void;
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
  /** Returns the value of a flag, and logs nothing. */
  readonly useFlagValue: TypedHooks<Flags>["useFlag"];
  /** Returns a function that logs the exposure of a flag, see {@link Hooks.useReport}. */
  readonly useReport: () => (flagKey: keyof Flags & string) => void;
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
 * export const { FlagsProvider, Exposed, useFlag, useFlagValue, useReport, TestFlags } = createHooks<AppFlags>();
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
  const FlagsProvider: Hooks["FlagsProvider"] = (props) => {
    const { children, snapshot } = props;
    reportMistake(() => {
      const other = ["value", "values", "flags"].find((it) => it in props);
      if (other) return `write <FlagsProvider snapshot={…}>, not ${other}`;
      return (
        snapshot === undefined &&
        "<FlagsProvider> has no snapshot: pass snapshot={…}, or snapshot={null} for a page without flags"
      );
    });
    const value = useMemo(() => createReader(snapshot), [snapshot]);
    return createElement(Flags.Provider, { value }, children);
  };
  return {
    FlagsProvider,
    Exposed(props) {
      const { flag } = props;
      const reader = useReader("<Exposed>");
      reportMistake(() => "name" in props && "write <Exposed flag={…}>, not name");
      useEffect(() => reader.exposed(flag), [reader, flag]);
      return null;
    },
    useFlag(flagKey, defaultValue) {
      const reader = useReader("useFlag");
      const value = reader.get(flagKey, defaultValue);
      useEffect(() => reader.exposed(flagKey, value), [reader, flagKey, value]);
      return value;
    },
    useFlagValue: (flagKey, defaultValue) => useReader("useFlagValue").get(flagKey, defaultValue),
    useReport() {
      const reader = useReader("useReport");
      return useCallback((flagKey) => reader.exposed(flagKey), [reader]);
    },
    TestFlags(props) {
      const { children, values } = props;
      reportMistake(() => {
        const other = ["value", "flags", "snapshot"].find((it) => it in props);
        return other && `write <TestFlags values={…}>, not ${other}`;
      });
      const snapshot = useMemo(() => testSnapshot(values), [values]);
      return createElement(FlagsProvider, { snapshot }, children);
    },
  };
}

function testSnapshot(values: Snapshot["values"]): Snapshot {
  return { v: SNAPSHOT_VERSION, values, logs: [], ids: [], overridden: [], url: "", token: null };
}
