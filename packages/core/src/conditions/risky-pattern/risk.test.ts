import { describe, expect, it } from "vitest";
import { riskOf } from "./risk.js";

/** Patterns from vulnerability reports and from the literature. */
const CATASTROPHIC = [
  /(a+)+$/,
  /^(a+)+$/,
  /(a*)*b/,
  /(a|a)*$/,
  /(a|aa)+$/,
  /(a|a?)+$/,
  /([a-zA-Z]+)*$/,
  /^(([a-z])+.)+[A-Z]([a-z])+$/,
  /(x+x+)+y/,
  /^(\w+\s?)*$/,
  /(.*)*x/,
  /^(\d+)*x$/,
  /^([a-zA-Z0-9])(([-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$/,
  /^(([a-z]+)*)+$/,
  /(\s*,?\s*)*;/,
  /(?:a|b|ab)+c/,
  /(\w|\d)+!/,
  /(a|b|[ab])*c/,
  /(.|\s)*x/,
  /^(\s*\w+\s*)*$/,
  /(a?b?)*c/,
  /(\d{1,3})+x/,
  /([^"']+|.)*"/,
  /^(?:[a-z0-9]+[-_]?)+@/,
  /(?:\s+|x\s*)+y/,
  /<(?:"[^"]*"|[^>]|\s)*>x/,
  /^(.+,?)+$/,
  /(\/[^/]*\w*)*$/,
  /(?=(a+)+b)c/,
  /(?:(?:a+)b?)+c/,
  /([a-z]+-?)+[0-9]/i,
  /([A-Z]|a)+b/i,
  /^((ab)*(ab)*)*c/,
  /(?:(foo|foobar|bar)+)+x/,
  /(\S+\.?)+@/,
  /^(?:\+?\d+[- ]?)+$/,
  /(a{2,})+b/,
  /(\u0430+)+b/,
  /(?:\r\n|\r|\n)+x/,
];

/** Patterns of the kind that people write to target users. */
const HARMLESS = [
  /^\d+$/,
  /^\d{4}-\d{2}-\d{2}$/,
  /@example\.com$/,
  /^[^@]+@example\.(com|org)$/,
  /^[\w.+-]+@[\w-]+\.[\w.]+$/,
  /^[\w.+-]+@([\w-]+\.)+[\w-]{2,4}$/,
  /^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$/,
  /^(.+)@(.+)$/,
  /^https?:\/\//,
  /^(https?:\/\/)?([\w-]+\.)+[\w-]+(\/[\w- ./?%&=]*)?$/,
  /^https:\/\/(www\.)?example\.com\/.*$/,
  /\/checkout(\/|$)/,
  /^\/products\/[a-z0-9-]+$/,
  /^\/products\/[a-z0-9]+(?:-[a-z0-9]+)*$/,
  /^\/(en|de|fr)\//,
  /^\/blog\/\d{4}\/\d{2}\/[^/]+\/?$/,
  /\?(.*&)?utm_source=google/,
  /[?&]ref=([^&]+)/,
  /^([^?]*)\?(.*)$/,
  /\.(png|jpe?g|gif|svg)$/i,
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/,
  /^(\d{1,3}\.){3}\d{1,3}$/,
  /^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)$/,
  /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i,
  /^([0-9a-f]{2})+$/,
  /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i,
  /^v?\d+\.\d+\.\d+$/,
  /^v?(\d+\.)*\d+$/,
  /^(\d+)\.(\d+)\.(\d+)(?:-([\w.-]+))?(?:\+([\w.-]+))?$/,
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?$/,
  /^1\.(2|3)\./,
  /^(internal|beta)-/,
  /^test[-_]?\d*$/,
  /^user[0-9]+$/,
  /^(admin|root|support)@/,
  /Chrome\/(\d+)/,
  /iPhone|iPad|iPod/,
  /Mozilla\/5\.0 \(.*\) AppleWebKit/,
  /Android (\d+(?:\.\d+)*)/,
  /(?:bot|crawler|spider)/i,
  /^Mozilla.*Firefox\/\d+\.\d+$/,
  /.*foo.*/,
  /^.*$/,
  /.*/,
  /^.+$/,
  /foo.*bar.*baz/,
  /^\s*$/,
  /^\s+|\s+$/,
  /^\s*\w+\s*$/,
  /^\s*(\w+\s*,\s*)*\w+\s*$/,
  /^(\w+,)*\w+$/,
  /^(?:\w+\s)+\w+$/,
  /^\w+( \w+)*$/,
  /^[A-Z][a-z]+(?: [A-Z][a-z]+)*$/,
  /^[a-z]+(-[a-z]+)*$/,
  /^[a-z]+(?:_[a-z]+)*$/,
  /^([a-z]+\.)*[a-z]+$/,
  /^[a-z]{2}(-[A-Z]{2})?$/,
  /^[a-z]{2,3}([-_][a-z]{2,4})*$/i,
  /^(US|CA|MX)$/,
  /^(US|CA|MX)(-[A-Z]+)?$/,
  /^\+?[1-9]\d{1,14}$/,
  /^\+?\d{1,3}[- ]?\(?\d{3}\)?[- ]?\d{3}[- ]?\d{4}$/,
  /^\(\d{3}\) \d{3}-\d{4}$/,
  /^\d{5}(-\d{4})?$/,
  /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/,
  /^\$?\d{1,3}(,\d{3})*(\.\d{2})?$/,
  /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/,
  /^#?([a-f0-9]{6}|[a-f0-9]{3})$/,
  /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{8,}$/,
  /^(?!.*\.\.).+$/,
  /^(?!test).*$/,
  /^(?:[^"\\]|\\.)*$/,
  /"(?:[^"\\]|\\.)*"/,
  /'([^']|'')*'/,
  /<[^>]+>/,
  /<([a-z]+)[^>]*>.*<\/\1>/,
  /\{\{[^}]*\}\}/,
  /^(.|\n)*$/,
  /^[\s\S]*$/,
  /(?:\r?\n)+/,
  /\bword\b/,
  /\bfoo\w*\b/,
  /^(?:foo|bar|baz)+$/,
  /^(ab|cd)*$/,
  /^(a|b)*$/,
  /^(?:a(?:b(?:c)?)?)*$/,
  /^[\w\s]+$/,
  /^[^\s,]+(?:,[^\s,]+)*$/,
  /^key=[^;]*(?:;key=[^;]*)*$/,
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  /^[A-Za-z0-9-_]+\.[A-Za-z0-9-_]+\.[A-Za-z0-9-_]*$/,
  /^(\/[^/]+)+$/,
  /^(\/[^/]+)*\/?$/,
  /^\/(?:[^/]+\/)*index\.html$/,
  /^s3:\/\/[a-z0-9.-]+\/(.*)$/,
  /^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/,
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  /^(?:mon|tues|wednes|thurs|fri|satur|sun)day$/i,
  /^[\u0400-\u04ff]+$/,
  /^(?:я|ю)+$/,
  /^(free|pro|enterprise)(_annual|_monthly)?$/,
  /^(?<year>\d{4})-(?<month>\d{2})$/,
  /^[a-z]{2,20}$/,
  /^\w{1,20}( \w{1,20}){0,5}$/,
  /^[\]\-a]+$/,
];

describe("riskOf", () => {
  it.each(CATASTROPHIC)("reports %s", (pattern) => {
    expect(riskOf(pattern)).toMatch(/exponential/);
  });

  it.each(HARMLESS)("does not report %s", (pattern) => {
    expect(riskOf(pattern)).toBeNull();
  });

  it("is tested with at least 30 catastrophic and 100 harmless patterns", () => {
    expect(CATASTROPHIC.length).toBeGreaterThanOrEqual(30);
    expect(HARMLESS.length).toBeGreaterThanOrEqual(100);
  });

  it.each([
    ["390 letters", Array.from({ length: 390 }, (_, i) => String.fromCharCode(0x4e00 + 7 * i))],
    ["kana", [..."あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほ"]],
    ["Cyrillic letters", [..."абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩ"]],
    ["emoji", [..."😀😁😂🤣😃😄😅😆😉😊😋😎😍😘🥰😗"]],
    ["codes", [..."ABCDEFGHIJKLM"].flatMap((one) => [..."NOPQRSTUVWXYZ"].map((it) => one + it))],
  ])("does not report a list of %s, however it is repeated", (_, list) => {
    for (const flags of ["", "i"]) {
      const isFolded = flags === "i" && /^[а-я]/.test(list.join(""));
      const items = isFolded ? list.slice(0, 32) : list; // with the flag i, both cases of a letter match the same
      const choice = `(?:${items.join("|")})`;
      expect(riskOf(new RegExp(`^${choice}+$`, flags))).toBeNull();
      expect(riskOf(new RegExp(`^(?:${choice}(?:,${choice})*;)*$`, flags))).toBeNull();
      expect(riskOf(new RegExp(`^(?:${choice}|${items[0]})+$`, flags))).toMatch(/exponential/);
    }
  });

  it.each([
    [/^(?:[а-я]|[ё-ӿ])+$/, false],
    [/^(?:[а-я]|[я-ӿ])+$/, true],
    [/^(?:[а-я]|Я)+$/, false],
    [/^(?:[а-я]|Я)+$/i, true],
    [/^(?:[^а-я]|я)+$/, false],
    [/^(?:\s|\u3000)+$/, true],
    [/^(?:.|\u2028)+$/, false],
    [/^(?:k|\u212a)+$/i, false],
    [/^(?:[\s\d]|[^\s\d])+$/i, false],
  ])("detects whether the alternatives of %s overlap: %s", (pattern, isRisky) => {
    expect(riskOf(pattern) !== null).toBe(isRisky);
  });

  it.each([/(a|a)*/, /^(?:a+)+/, /(?:x(?:a|a)y)*/, /(a*)*b?/])(
    "does not report %s, because it cannot fail after the loop",
    (pattern) => {
      expect(riskOf(pattern)).toBeNull();
    },
  );

  it.each([/(?:x(?:a|a)*y)*/, /(?:(?:a|a){25,30})b/, /((?:a|a)*(?=b))*/])(
    "reports %s",
    (pattern) => {
      expect(riskOf(pattern)).toMatch(/exponential/);
    },
  );

  it("ends for a pattern that nests, copies or overlaps too much", () => {
    const hostile = [
      `${"(".repeat(20_000)}a${")*".repeat(20_000)}`,
      `${"(?:".repeat(7)}a${"){24}".repeat(7)}`,
      `(?:${".?".repeat(2_000)})*x`,
      `(?:${Array.from({ length: 2_000 }, () => "[^x]a").join("|")})*x`,
      "(?:){1000000000}",
      "a?".repeat(20_000),
    ];
    for (const source of hostile) {
      let pattern: RegExp;
      try {
        pattern = new RegExp(source);
      } catch {
        continue; // JavaScript rejects this pattern too
      }
      expect(() => riskOf(pattern)).not.toThrow();
    }
  });

  it("analyses a long pattern quickly", () => {
    const words = Array.from({ length: 5_000 }, (_, i) => `word${i}`).join("|");
    expect(riskOf(new RegExp(`^(${words})+$`))).toBeNull();
  });
});
