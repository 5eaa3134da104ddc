/** The build embeds Lua scripts as strings, without their comments. */
declare module "*.lua" {
  const script: string;
  // biome-ignore lint/style/noDefaultExport: the build creates a default export.
  export default script;
}
