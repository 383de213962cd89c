// One jest project for each thing that a test needs, told by the suffix of its file (CONTRIBUTING.md lists them).
const transform = {
  "^.+\\.ts$": [
    "@swc/jest",
    {
      jsc: { parser: { syntax: "typescript" }, target: "es2024" },
      module: { type: "es6" },
      sourceMaps: "inline",
    },
  ],
};

const base = {
  rootDir: import.meta.dirname,
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform,
  modulePathIgnorePatterns: ["<rootDir>/.*/node_modules/"],
};

export default {
  // A busy machine is no reason to fail: what hangs is still found, a little later.
  testTimeout: 30_000,
  projects: [
    {
      ...base,
      displayName: "unit",
      testMatch: ["<rootDir>/{packages,services,cli,test}/**/*.spec.ts"],
      testPathIgnorePatterns: ["\\.(int|prop)\\.spec\\.ts$", "/node_modules/"],
    },
    { ...base, displayName: "prop", testMatch: ["<rootDir>/{packages,services,cli,test}/**/*.prop.spec.ts"] },
    { ...base, displayName: "int", testMatch: ["<rootDir>/{packages,services,cli,test}/**/*.int.spec.ts"] },
    { ...base, displayName: "e2e", testMatch: ["<rootDir>/test/**/*.e2e.ts"] },
  ],
};
