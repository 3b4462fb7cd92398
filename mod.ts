export * from "./core/plugin.ts";
