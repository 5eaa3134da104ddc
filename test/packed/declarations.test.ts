// What TypeScript infers from our packages in an application that is installed by pnpm, and options that may be `undefined`.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { expect, inject, it } from "vitest";
import { ENTRIES_OF_APPLICATIONS } from "./entries-of-applications.ts";

const consumer = inject("consumer");
/** Any version may change these entries. */
const INTERNAL = /\/(?:internal|dialect-internal|kit)$/;
const OPTIONS = /(?:Config|Lookups|Options|Parameters|Policy)$/;
const COMPILER: ts.CompilerOptions = {
  ...{ strict: true, declaration: true, exactOptionalPropertyTypes: true, skipLibCheck: true },
  ...{ module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
  ...{ target: ts.ScriptTarget.ES2022, lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"] },
  types: ["node"],
};

/** Types that results of an entry have and applications cannot name. New ones must be exported, so this list only gets shorter. */
const UNNAMED: Readonly<Record<string, string>> = {
  "@sortition/amplitude": "Dispatcher",
  "@sortition/amplitude/cohorts": "ConfigurationOrigin HttpResponse",
  "@sortition/amplitude/dialect":
    "Bandits Cohort CompileIssue CompiledFlag Dialect EventFields PayloadSet RawFlags Steps",
  "@sortition/amplitude/explain":
    "AllocationReads AttributeNames BanditDescription DialectWords Explainer ExplainingConfiguration FlagAnswer FlagDescription FlagGetter",
  "@sortition/amplitude/source": "ConfigurationOrigin ConfigurationSource",
  "@sortition/core": "ExpectedType ExposureTotals FetchResult RefreshOutcome Subscription",
  "@sortition/core/dialect": "Interned",
  "@sortition/core/eppo": "BoundsWire RangeWire",
  "@sortition/edge":
    "AssignmentEvent BanditEvent ConfigurationOrigin HttpResponse LoggedEvent SortitionError WebCounters WebResponse",
  "@sortition/eppo":
    "AllocationEvaluationCode ClientStatus FlagEvaluationCode FlushResult SortitionError",
  "@sortition/eppo/source": "ConfigurationOrigin ConfigurationSource",
  "@sortition/growthbook": "ConfigurationOrigin ConfigurationSource",
  "@sortition/growthbook/dialect":
    "Assigned BanditSet CompileIssue CompileOptions CompiledCondition CompiledExperiment CompiledFilter CompiledParent Configuration ContextualBandit Defaulted Dialect Endpoint Evaluation ExposureBase FeatureSet ForceEffect How NamedExperiment ObservedOutcome Observer OpenFeatureTerms OptionHints PayloadSet SavedGroupSet Scope Steps Subject TS4094 Trace VariationValue",
  "@sortition/growthbook/explain":
    "AllocationReads AttributeNames BanditDescription DialectWords Explainer ExplainingConfiguration FlagAnswer FlagDescription FlagGetter",
  "@sortition/growthbook/source": "ConfigurationOrigin ConfigurationSource",
  "@sortition/node": "Bandits CompiledFlag EppoDialect EventFields Steps",
  "@sortition/openfeature":
    "AssignmentDetails BanditActions BanditDetails ClientStatus Configuration FlushResult ReadyResult",
  "@sortition/openfeature/resolution":
    "AssignmentDetails AttributeValue BanditDetails ContextSubject EvaluationRequest OpenFeatureTerms",
  "@sortition/posthog": "FeatureFlagResult",
  "@sortition/posthog/dialect":
    "CompileIssue Configuration Dialect Endpoint Evaluation FlagDefinition FlagValue ListedFlag OpenFeatureTerms OptionHints PayloadSet PropertyGroup Steps TS4094 Trace ValueType VariationValue",
  "@sortition/posthog/explain":
    "AllocationReads AttributeNames BanditDescription DialectWords Explainer ExplainingConfiguration FlagAnswer FlagDescription FlagGetter",
  "@sortition/posthog/source": "ConfigurationOrigin ConfigurationSource",
  "@sortition/redis":
    "DialectAddresses DiskState LoggerFlushSummary LoggerStats PendingLogging RefreshOutcome StreamStatus Subscription",
  "@sortition/web/server": "AttributeValue",
};

const applications = inject("packages").flatMap(({ entries: all, manifest, name }) => {
  const entries = all.filter((it) => !INTERNAL.test(it) && !ENTRIES_OF_APPLICATIONS.includes(it));
  const installed = [name, "@types/node", ...Object.keys(manifest.peerDependencies ?? {})];
  const imports = entries.map((entry, i) => `import * as e${i} from "${entry}";`).join("\n");
  return entries.length === 0 ? [] : [{ name, installed, entries, imports }];
});

/** Compiles a program of an application that can import only what it has installed itself, as with pnpm. */
function compile(installed: readonly string[], text: string) {
  const folder = mkdtempSync(join(tmpdir(), "sortition-declarations-"));
  try {
    for (const name of installed) {
      const link = join(folder, "node_modules", name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(consumer, "node_modules", name), link, "junction");
    }
    const file = join(folder, "program.ts");
    writeFileSync(file, text);
    const program = ts.createProgram([file], COMPILER);
    const source = program.getSourceFile(file) as ts.SourceFile; // the file of the program
    const checker = program.getTypeChecker();
    return { source, checker, diagnostics: program.getDeclarationDiagnostics(source) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Returns the exports of the module that a statement imports, by name. */
function exportsOf(statement: ts.Statement, checker: ts.TypeChecker): Map<string, ts.Symbol> {
  const { moduleSpecifier } = statement as ts.ImportDeclaration; // there is no other statement
  const module = checker.getSymbolAtLocation(moduleSpecifier);
  if (module === undefined) throw new Error(`no such entry: ${moduleSpecifier.getText()}`);
  const isAlias = (it: ts.Symbol): boolean => (it.flags & ts.SymbolFlags.Alias) !== 0;
  return new Map(
    checker
      .getExportsOfModule(module)
      .filter(({ name }) => name !== "default")
      .map((it) => [it.name, isAlias(it) ? checker.getAliasedSymbol(it) : it]),
  );
}

/** Returns expressions for an export, its results and members, and those of the type that a package declares with it. */
function expressionsOf(
  own: string,
  name: string,
  symbol: ts.Symbol,
  checker: ts.TypeChecker,
): string[] {
  const found: string[] = [];
  const addResult = (type: ts.Type, written: string, value: string): void => {
    if (type.getCallSignatures().length === 0) return;
    found.push(`${value}(...(null! as Parameters<NonNullable<${written}>>))`);
  };
  const addMembers = (type: ts.Type, written: string, value: string): void => {
    for (const member of checker.getPropertiesOfType(type)) {
      const [declaration] = member.declarations ?? [];
      const isPublic = !/^#|^__/.test(member.name) && declaration !== undefined && isOurs(member);
      const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
      if (!isPublic || ts.getCombinedModifierFlags(declaration) & hidden) continue;
      const memberType = checker.getNonNullableType(checker.getTypeOfSymbol(member));
      const index = `["${member.name}"]`;
      if (memberType.getCallSignatures().length === 0) found.push(`${value}${index}`);
      addResult(memberType, `(${written})${index}`, `${value}${index}!`);
    }
  };
  if (symbol.flags & ts.SymbolFlags.Value) {
    const type = checker.getTypeOfSymbol(symbol);
    found.push(name);
    addResult(type, `typeof ${name}`, name);
    addMembers(type, `typeof ${name}`, name);
  }
  if (symbol.flags & ts.SymbolFlags.Type && !OPTIONS.test(name) && isOurs(symbol, own)) {
    const parameters = (symbol.declarations ?? []).map((it) =>
      "typeParameters" in it ? (it.typeParameters as readonly unknown[] | undefined)?.length : 0,
    );
    const count = Math.max(0, ...parameters.map((it) => it ?? 0));
    const written = count === 0 ? name : `${name}<${Array(count).fill("any").join()}>`;
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    addResult(type, written, `(null! as ${written})`);
    addMembers(type, written, `(null! as ${written})`);
  }
  return found;
}

function isOurs({ declarations = [] }: ts.Symbol, name = "@sortition"): boolean {
  return declarations.some((it) => it.getSourceFile().fileName.includes(`/node_modules/${name}/`));
}

it.each(applications)("applications can name what $name returns", (application) => {
  const { entries, imports, installed, name: own } = application;
  const { checker, source } = compile(installed, imports);
  const lines = source.statements.map((statement, i) =>
    [...exportsOf(statement, checker)].flatMap(([name, symbol]) =>
      expressionsOf(own, `e${i}.${name}`, symbol, checker),
    ),
  );
  const declared = lines.flat().map((line, i) => `export const x${i} = ${line};`);
  const compiled = compile(installed, [imports, ...declared].join("\n"));
  const unnamed = compiled.diagnostics.map(({ code, messageText, start }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, " ");
    const name = /(?:reference to|using name) '(\w+)' from/.exec(message)?.[1] ?? `TS${code}`;
    const [, entry] = /^.*?\be(\d+)\./.exec(compiled.source.text.slice(start)) ?? [];
    return { entry: entries[Number(entry)], name };
  });
  const namesOf = (entry: string): string => {
    const names = unnamed.filter((it) => it.entry === entry).map(({ name }) => name);
    return [...new Set(names)].sort().join(" ");
  };
  expect(declared.length).toBeGreaterThan(0);
  expect(entries.map((entry) => [entry, namesOf(entry)])).toEqual(
    entries.map((entry) => [entry, UNNAMED[entry] ?? ""]),
  );
});

it.each(applications)("optional options of $name may be undefined", ({ imports, installed }) => {
  const { checker, source } = compile(installed, imports);
  const refused = new Set<string>();
  const seen = new Set<ts.Type>();
  const visit = (type: ts.Type): void => {
    if (type.isUnionOrIntersection()) type.types.forEach(visit);
    const owner = (type.aliasSymbol ?? type.symbol)?.name ?? "";
    if (!OPTIONS.test(owner) || seen.has(type)) return;
    seen.add(type);
    for (const property of checker.getPropertiesOfType(type).filter((it) => isOurs(it))) {
      visit(checker.getTypeOfSymbol(property));
      const { flags, valueDeclaration: declaration } = property;
      if (!(flags & ts.SymbolFlags.Optional) || !declaration) continue;
      if (!ts.isPropertySignature(declaration) || !declaration.type) continue;
      const declared = checker.getTypeFromTypeNode(declaration.type);
      if (checker.isTypeAssignableTo(checker.getUndefinedType(), declared)) continue;
      refused.add(`${owner}.${property.name}`);
    }
  };
  for (const statement of source.statements) {
    for (const symbol of exportsOf(statement, checker).values()) {
      if (symbol.flags & ts.SymbolFlags.Type) visit(checker.getDeclaredTypeOfSymbol(symbol));
      if (!(symbol.flags & ts.SymbolFlags.Value)) continue;
      const type = checker.getTypeOfSymbol(symbol);
      for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
        for (const parameter of signature.parameters) visit(checker.getTypeOfSymbol(parameter));
      }
    }
  }
  expect([...refused]).toEqual([]);
});
