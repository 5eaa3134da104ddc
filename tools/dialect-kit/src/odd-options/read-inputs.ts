import ts from "typescript";
import { SurfaceNames, type SurfaceSource } from "../surface/surface-names.js";
import { createSurfaceProgram, resolveExport } from "../surface/surface-program.js";

/** A part of a call that accepts a value. */
export interface Input {
  /** Name in the style of a page: `options.flushAt`. */
  readonly name: string;
  /**
   * Index of the parameter, then names of properties, or {@link ENTRY} for an entry of a map or
   * list.
   */
  readonly path: readonly [number, ...string[]];
}

/** Where inputs are read from. */
export interface InputSource extends SurfaceSource {
  /** Whether entries of maps and lists are inputs, too. Default: false. */
  readonly hasEntries?: boolean;
}

/** Step of a path to the first entry of a map or list in the valid arguments. */
export const ENTRY = "*";

const MAX_DEPTH = 4;

/** The calls of a vendor's module. Reads the declarations once, so that each query is fast. */
export class VendorCalls {
  readonly #checker: ts.TypeChecker;
  readonly #exports: ReadonlyMap<string, ts.Symbol>;
  readonly #naming: SurfaceNames;
  readonly #hasEntries: boolean;

  constructor(source: InputSource) {
    const program = createSurfaceProgram([source]);
    const { checker } = program;
    this.#checker = checker;
    this.#exports = new Map(
      program.exportsOf(source).map((it) => [it.name, resolveExport(checker, it)]),
    );
    this.#naming = new SurfaceNames(source);
    this.#hasEntries = source.hasEntries ?? false;
  }

  /**
   * Returns every parameter of a call, and every option of its parameters, including nested ones.
   *
   * @param callee - `new Client`, `init`, `Factory.create` (also static) or `Client#method`.
   */
  inputsOf(callee: string): readonly Input[] {
    const inputs = new Map<string, Input>();
    for (const signature of this.#signaturesOf(callee)) {
      for (const [index, parameter] of signature.getParameters().entries()) {
        const type = this.#checker.getTypeOfSymbol(parameter);
        this.#add(inputs, { name: parameter.name, path: [index] }, type);
      }
    }
    if (inputs.size === 0) throw new Error(`${callee} takes no arguments`);
    return [...inputs.values()];
  }

  /**
   * Returns the public methods of an exported class or interface, including inherited ones. Sorted.
   */
  methodsOf(typeName: string): readonly string[] {
    const type = this.#checker.getDeclaredTypeOfSymbol(this.#export(typeName));
    return type
      .getProperties()
      .filter((member) => this.#naming.isPublic(member))
      .filter((member) => this.#checker.getTypeOfSymbol(member).getCallSignatures().length > 0)
      .map(({ name }) => name)
      .sort();
  }

  #signaturesOf(callee: string): readonly ts.Signature[] {
    const [, isNew, owner = "", mark, member = ""] =
      /^(new )?([^.#]+)(?:([.#])(.+))?$/.exec(callee) ?? [];
    const symbol = this.#export(owner);
    const holder =
      mark === "#"
        ? this.#checker.getDeclaredTypeOfSymbol(symbol)
        : this.#checker.getTypeOfSymbol(symbol);
    if (isNew !== undefined) return holder.getConstructSignatures();
    if (mark === undefined) return holder.getCallSignatures();
    const property = holder.getProperty(member);
    if (property === undefined) throw new Error(`${callee}: ${owner} has no ${member}`);
    return this.#checker.getTypeOfSymbol(property).getCallSignatures();
  }

  #export(name: string): ts.Symbol {
    const symbol = this.#exports.get(name);
    if (symbol === undefined) throw new Error(`the module does not export ${name}`);
    return symbol;
  }

  #add(inputs: Map<string, Input>, input: Input, type: ts.Type): void {
    inputs.set(input.name, input);
    if (input.path.length > MAX_DEPTH) return;
    for (const option of this.#optionsOf(type)) {
      const { name } = option;
      const its = this.#checker.getTypeOfSymbol(option);
      const inner: Input = {
        name: `${input.name}.${name}`,
        path: [...input.path, name],
      };
      if (!inputs.has(inner.name)) this.#add(inputs, inner, its);
    }
    const entry = this.#hasEntries ? this.#entryOf(type) : undefined;
    if (entry === undefined) return;
    this.#add(inputs, { name: `${input.name}.${ENTRY}`, path: [...input.path, ENTRY] }, entry);
  }

  /** Returns the type of the entries of a map or list, or `undefined` for other types. */
  #entryOf(type: ts.Type): ts.Type | undefined {
    const parts = type.isUnion() ? type.types : [type];
    for (const part of parts) {
      const isText = (part.flags & ts.TypeFlags.StringLike) !== 0;
      const entry = part.getStringIndexType() ?? part.getNumberIndexType();
      if (!isText && entry !== undefined) return entry;
    }
    return undefined;
  }

  /** Returns the options of a type. Functions, lists, classes, and ports with methods have none. */
  #optionsOf(given: ts.Type): readonly ts.Symbol[] {
    const type = this.#checker.getBaseConstraintOfType(given) ?? given;
    if (type.isUnion()) return type.types.flatMap((part) => this.#optionsOf(part));
    const isObject = (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
    if (!isObject || type.isClass() || type.getCallSignatures().length > 0) return [];
    const options = type.getProperties().filter((it) => this.#naming.isPublic(it));
    return options.some((option) => this.#isRequiredMethod(option)) ? [] : options;
  }

  #isRequiredMethod(option: ts.Symbol): boolean {
    const isOptional = (option.flags & ts.SymbolFlags.Optional) !== 0;
    return !isOptional && this.#checker.getTypeOfSymbol(option).getCallSignatures().length > 0;
  }
}
